"""What stands beside the form: where one goes, and a work on the wall."""

from __future__ import annotations

import pytest

from storefront.catalog.services import unpublish
from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer


@pytest.mark.parametrize("door", ["login", "register"])
@pytest.mark.parametrize("path", ["/listings/field-notes/get", "/listings/field-notes", "/listings/field-notes?v=1"])
def test_the_page_says_where_one_goes_next(client: Browser, cast: Cast, door: str, path: str) -> None:
    make_offer(cast.alice, "Field Notes")
    page = client.get(f"/{door}", query_string={"next": path}).text
    assert "Then straight on to <b" in page
    assert ">Field Notes</b>." in page


@pytest.mark.parametrize("path", ["/library", "/listings/no-such-thing/get", "/listings/field-notes/orders", ""])
def test_it_says_nothing_of_what_it_does_not_know(client: Browser, cast: Cast, path: str) -> None:
    make_offer(cast.alice, "Field Notes")
    assert "Then straight on" not in client.get("/login", query_string={"next": path}).text


def test_a_draft_stays_a_secret(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, "Field Notes")
    with step():
        unpublish(listing, by=cast.alice)
    page = client.get("/login?next=/listings/field-notes/get").text
    assert "Field Notes" not in page


def test_a_work_hangs_on_the_wall(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, "Field Notes", price=1200)
    page = client.get("/login").text
    assert f"/covers/{listing.cover}-1280.webp" in page
    assert "Alice, prompt pack, $12.00" in page


def test_without_works_the_wall_shows_a_hook(client: Browser) -> None:
    assert client.get("/login").status_code == 200


def test_a_title_cannot_act_in_the_page(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "<script>alert(1)</script>", slug="sly")
    assert "<script>alert" not in client.get("/login?next=/listings/sly/get").text
