"""Somebody walks through the whole catalog: no work twice, none missing, whatever happens meanwhile."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.catalog.browse import browse
from storefront.catalog.filters import Filters
from storefront.catalog.models import Listing
from storefront.catalog.services import publish
from storefront.catalog.trending import rank
from storefront.catalog.walk import Place
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.catalog.bulk import add_listings, happened
from tests.worlds import make_pack

LISTINGS = 100
SORTS = ("trending", "newest", "price_asc", "price_desc")


def walk(filters: Filters, *, limit: int = 24) -> list[int]:
    """The ids of every page in turn."""
    found: list[int] = []
    after: str | None = ""
    while after is not None:
        results = browse(filters, after, limit=limit)
        found += [row.id for row in results.rows]
        after = results.next
        db.session.rollback()
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(SORTS),
    q=st.sampled_from(["", "common"]),
    tag=st.sampled_from([(), ("half",), ("half", "tenth")]),
    price=st.sampled_from([(), ("paid",), ("free", "all_access")]),
    limit=st.integers(1, 30),
)
def test_pages_hold_everything_once_in_order(
    hundred: None, sort: str, q: str, tag: tuple[str, ...], price: tuple[str, ...], limit: int
) -> None:
    filters = Filters(q=q, tag=tag, price=price, chosen_sort=sort)
    everything = browse(filters, limit=LISTINGS).rows
    assert walk(filters, limit=limit) == [row.id for row in everything]
    keys = [(row.key, row.id) for row in everything]
    assert keys == sorted(keys, reverse=sort != "price_asc")


@pytest.fixture
def hundred(cast: Cast) -> None:
    """A hundred listings with many equal prices and scores."""
    add_listings(cast.alice, 1, LISTINGS)


@pytest.mark.parametrize("q", ["", "common"])
def test_a_new_ranking_does_not_disturb_who_is_paging(hundred: None, q: str) -> None:
    filters = Filters(q=q, chosen_sort="trending")
    before = [row.id for row in browse(filters, limit=LISTINGS).rows]
    first = browse(filters)
    happened("license.granted", before[-1], times=3)
    rank()

    second = browse(filters, first.next or "")
    third = browse(filters, second.next or "")

    assert [row.id for row in (*first.rows, *second.rows, *third.rows)] == before[:72]
    assert browse(filters).rows[0].id == before[-1]


def test_after_two_rankings_the_list_begins_again(hundred: None, client: Browser) -> None:
    old = browse(Filters()).next or ""
    happened("license.granted", 7)
    rank()
    assert not browse(Filters(), old).is_restart
    rank()

    again = browse(Filters(), old)

    assert again.is_restart
    assert [row.id for row in again.rows] == [row.id for row in browse(Filters()).rows]
    answer = client.htmx(f"/catalog?after={old}")
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#catalog-results", "outerHTML")
    assert answer.text.lstrip().startswith('<section id="catalog-results"')


def test_what_is_published_meanwhile_moves_nobody(hundred: None, cast: Cast) -> None:
    filters = Filters(chosen_sort="newest")
    expected = [row.id for row in browse(filters, limit=LISTINGS).rows]
    first = browse(filters)
    work = make_pack(cast.alice, "Latecomer")
    with step():
        listing = Listing(
            slug="latecomer", workspace_id=work.workspace_id, work_id=work.id, kind="pack", title="Latecomer",
            tagline="Late.", description="Late.", tags=["half"], currency="USD", created_at=work.created_at,
            updated_at=work.updated_at,
        )  # fmt: skip
        db.session.add(listing)
        db.session.flush()
        publish(listing, by=cast.alice)
    second = browse(filters, first.next or "")
    assert [row.id for row in (*first.rows, *second.rows)] == expected[:48]


def test_the_link_to_more_works_by_itself_and_through_htmx(hundred: None, client: Browser) -> None:
    page = client.get("/catalog?tag=half").text
    link = re.findall(r'<a class="btn btn-line btn-wide" href="([^"]+)" rel="next"', page)[0].replace("&amp;", "&")
    assert "24 of 50 shown" in page

    whole, part = client.get(link).text, client.htmx(link).text

    assert "<html" in whole
    assert "<html" not in part
    assert part.count('<article class="work">') == whole.count('<article class="work">') == 24
    assert '<hx-partial hx-target="#pager" hx-swap="outerHTML">' in part
    assert "48 of 50 shown" in part


def test_a_cursor_of_another_order_begins_that_order(hundred: None) -> None:
    newest = browse(Filters(chosen_sort="newest")).next or ""
    assert browse(Filters(chosen_sort="price_asc"), newest).is_restart


def test_a_cursor_from_a_generation_to_come_begins_again(hundred: None) -> None:
    assert browse(Filters(), Place("trending", 99, 500, 50, 24).cursor).is_restart
