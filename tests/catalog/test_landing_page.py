"""Somebody comes in by the front door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from storefront.catalog.models import Listing
from storefront.catalog.services import unpublish
from storefront.catalog.trending import rank
from storefront.kit import clock
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.catalog.bulk import happened
from tests.worlds import make_offer


def hung(page: str, section: str) -> list[str]:
    """The slugs in one section of the page."""
    part = re.findall(rf"<section[^>]*{section}[^>]*>.*?</section>", page, re.DOTALL)
    return list(dict.fromkeys(re.findall(r'href="/listings/([^"]+)"', part[0]))) if part else []


def test_an_empty_shop_has_a_front_page(client: Browser) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'placeholder="Search 0 works"' in page.text


def test_the_wall_holds_what_is_wanted_picked_and_new(client: Browser, cast: Cast) -> None:
    ids = [make_offer(cast.alice, f"Work {number}").id for number in range(20)]
    for number in range(11):
        happened("license.granted", ids[number], times=30 - number)
    rank()
    with step():
        for number, days in ((15, 20), (16, 2), (17, 1)):
            db.session.get_one(Listing, ids[number]).featured_at = clock.now() - timedelta(days=days)
        unpublish(db.session.get_one(Listing, ids[17]), by=cast.alice)

    page = client.get("/").text

    assert hung(page, 'aria-labelledby="trending"') == [f"work-{number}" for number in range(4)]
    assert hung(page, 'aria-label="On the wall"') == [f"work-{number}" for number in range(4, 10)]
    assert hung(page, 'aria-labelledby="pick"') == ["work-16"]
    assert hung(page, 'aria-labelledby="new"') == ["work-19", "work-18", "work-15", "work-14"]
    assert "New this week" in page
    assert 'placeholder="Search 19 works"' in page


def test_without_a_pick_the_most_wanted_stands_there(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Wanted", example_input="A kettle.", example_output="Frame 1.")
    page = client.get("/").text
    assert hung(page, 'aria-labelledby="pick"') == ["wanted"]
    assert "Most wanted at the moment" in page
    assert "“A kettle.”" in page


def test_old_works_are_not_called_new_this_week(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    make_offer(cast.alice)
    move_clock(timedelta(days=8))
    assert "New on the wall" in client.get("/").text


def test_creators_read_the_shops_own_terms(app: Flask, client: Browser) -> None:
    page = client.get("/").text
    fee = app.config["PLATFORM_FEE_BPS"] // 100
    assert f"We take {fee}% of a sale" in page
    assert f"{100 - fee}%" in page
    assert 'href="/register"' in page


def test_the_front_page_takes_five_statements(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    make_offer(cast.alice)
    client.get("/")
    with count_statements() as statements:
        client.get("/")
    assert len(statements) <= 5, "\n\n".join(statements)
