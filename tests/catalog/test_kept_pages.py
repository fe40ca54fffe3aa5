"""A stranger's page is kept for a moment, and no write to a listing is ever late because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, template_rendered
from werkzeug.test import TestResponse

from storefront.app import create_app
from storefront.catalog import services
from storefront.catalog.models import Listing
from storefront.catalog.trending import rank
from storefront.kit.caching import KeptPages
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

SHOWING = ("/", "/catalog", "/catalog?q=field", "/catalog?tag=research", "/@alice", "/catalog.atom", "/sitemap.xml")


@contextmanager
def rendering(app: Flask) -> Iterator[list[str]]:
    """Collects the names of templates that are rendered inside."""
    names: list[str] = []

    def remember(_app: Flask, template: Any, **_more: Any) -> None:
        names.append(template.name)

    with template_rendered.connected_to(remember, app):
        yield names


@pytest.fixture
def neighbor(app: Flask, tmp_path: Path) -> Browser:
    """A stranger at another web process of the shop: they share the database and nothing else."""
    other = create_app(replace(app.extensions["settings"], storage_url=str(tmp_path)))
    other.test_client_class = Browser
    browser = other.test_client()
    assert isinstance(browser, Browser)
    return browser


def headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name != "Date"}


def suspend(listing: Listing, cast: Cast) -> None:
    with step():
        services.suspend(listing, "Copied from elsewhere.", by=cast.carol)


@pytest.mark.parametrize("page", [*SHOWING, "/listings/field-notes"])
def test_the_next_stranger_gets_the_page_as_it_was_made(
    app: Flask, client: Browser, cast: Cast, count_statements: Callable[..., Any], page: str
) -> None:
    make_offer(cast.alice)
    first = client.get(page)
    with rendering(app) as rendered, count_statements() as statements:
        again = client.get(page)
    assert (rendered, statements) == ([], [])
    assert (again.status_code, again.data, headers(again)) == (200, first.data, headers(first))


def test_nothing_is_rendered_to_say_that_nothing_changed(
    app: Flask, client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    make_offer(cast.alice)
    tag = client.get("/catalog").headers["ETag"]
    with rendering(app) as rendered, count_statements() as statements:
        again = client.get("/catalog", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert (rendered, statements) == ([], [])


def test_asking_with_an_old_tag_first_keeps_the_whole_page_for_the_next(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    client.get("/catalog", headers={"If-None-Match": '"of-last-week"'})
    assert "Field Notes" in client.get("/catalog").text


@pytest.mark.parametrize("page", SHOWING)
def test_what_carol_suspends_is_gone_from_the_next_page(client: Browser, cast: Cast, page: str) -> None:
    listing = make_offer(cast.alice)
    assert "field-notes" in client.get(page).text
    suspend(listing, cast)
    assert "field-notes" not in client.get(page).text


def test_it_is_gone_from_the_pages_of_every_other_process_too(client: Browser, neighbor: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    tag = neighbor.get("/catalog").headers["ETag"]
    assert neighbor.get("/listings/field-notes").status_code == 200
    suspend(listing, cast)

    assert "field-notes" not in neighbor.get("/catalog").text
    assert neighbor.get("/catalog", headers={"If-None-Match": tag}).status_code == 200
    assert neighbor.get("/listings/field-notes").status_code == 404


def test_a_new_price_is_asked_at_once_however_it_was_written(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    assert "$12.00" in client.get("/listings/field-notes").text
    with step():
        db.session.execute(sa.text("UPDATE listings SET price = 3400 WHERE id = :id"), {"id": listing.id})
    page = client.get("/listings/field-notes").text
    assert "$34.00" in page
    assert "$12.00" not in page


def test_a_new_trending_order_is_shown_at_once(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    client.get("/catalog")
    rank()
    with rendering(app) as rendered:
        client.get("/catalog")
    assert rendered


def test_what_was_not_committed_outruns_nothing(app: Flask, client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    client.get("/catalog")
    with pytest.raises(ZeroDivisionError), step():
        services.suspend(listing, "Copied from elsewhere.", by=cast.carol)
        raise ZeroDivisionError
    with rendering(app) as rendered:
        assert "field-notes" in client.get("/catalog").text
    assert rendered == []


def test_a_page_made_while_a_sale_was_under_way_is_not_kept_past_it(app: Flask, client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with db.engine.begin() as under_way:
        under_way.execute(sa.update(Listing).where(Listing.id == listing.id).values(gets=Listing.gets + 1))
        assert '<dd class="tn">0</dd>' in client.get("/listings/field-notes").text
    assert '<dd class="tn">1</dd>' in client.get("/listings/field-notes").text


def test_bobs_pages_are_made_for_him_and_kept_for_nobody(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    stranger = client.get("/catalog")
    bobs = client.as_person(cast.bob).get("/catalog")
    assert "Account: Bob" in bobs.text
    with rendering(app) as rendered:
        client.get("/catalog")
    assert rendered
    assert "Account: Mallory" in client.as_person(cast.mallory).get("/catalog").text
    assert app.test_client().get("/catalog").data == stranger.data


def test_whoever_sends_a_cookie_gets_a_page_of_their_own(app: Flask, client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    client.get("/catalog")
    client.set_cookie("somebody", "else", domain="shop.test")
    with rendering(app) as rendered:
        client.get("/catalog")
    assert rendered


def test_a_kept_page_has_the_headers_of_the_first_and_nothing_personal(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    first, again = client.get("/"), client.get("/")
    assert "default-src 'self'" in again.headers["Content-Security-Policy"]
    assert headers(again) == headers(first)
    assert "Set-Cookie" not in again.headers
    assert "csrf" not in again.text
    assert {"Cookie"} <= set(again.vary)


def test_the_part_that_htmx_gets_is_not_the_page(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice)
    for _time in range(2):
        assert "<html" in client.get("/catalog").text
        assert "<html" not in client.htmx("/catalog").text
        assert "<html" in client.htmx("/catalog", headers={"HX-History-Restore-Request": "true"}).text


def test_what_is_not_there_is_not_kept(app: Flask, client: Browser, cast: Cast) -> None:
    assert client.get("/listings/field-notes").status_code == 404
    make_offer(cast.alice)
    assert client.get("/listings/field-notes").status_code == 200


def test_no_seconds_keep_nothing(app: Flask, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_offer(cast.alice)
    monkeypatch.setitem(app.extensions, "kept_pages", KeptPages(db.engine, 0))
    client.get("/catalog")
    with rendering(app) as rendered:
        client.get("/catalog")
    assert rendered
