"""Pages of strangers: no cookie, no token, and nothing sent again that did not change."""

from __future__ import annotations

import pytest

from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

PAGES = (
    "/", "/catalog", "/catalog?q=field", "/catalog/suggestions?q=fi", "/listings/field-notes", "/@alice",
    "/catalog.atom", "/sitemap.xml", "/robots.txt",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_strangers_page_can_be_kept_by_any_cache(client: Browser, cast: Cast, page: str) -> None:
    make_offer(cast.alice)
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text
    assert answer.cache_control.public
    assert "Cookie" in answer.vary

    again = client.get(page, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_is_seen_at_once(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    tag = client.get("/catalog").headers["ETag"]
    make_offer(cast.alice, "Another")
    again = client.get("/catalog", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "Another" in again.text


@pytest.mark.parametrize("page", PAGES[:6])
def test_bobs_page_is_his_own(client: Browser, cast: Cast, page: str) -> None:
    make_offer(cast.alice)
    answer = client.as_person(cast.bob).get(page)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "ETag" not in answer.headers


def test_a_cover_is_kept_for_good(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    answer = client.get(f"/covers/{listing.cover}-320.webp")
    assert answer.content_type == "image/webp"
    assert answer.data[8:12] == b"WEBP"
    assert "immutable" in answer.headers["Cache-Control"]
