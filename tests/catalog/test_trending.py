"""What trends: gets and sales of the last thirty days, decayed, ranked in a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog import trending
from storefront.catalog.browse import browse
from storefront.catalog.filters import Filters
from storefront.catalog.models import CatalogState, Listing, ListingFacet
from storefront.catalog.services import publish, unpublish
from storefront.catalog.standing import standing
from storefront.kit import clock
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.catalog.bulk import happened
from tests.worlds import make_offer

DAY = timedelta(days=1)


@pytest.fixture
def three(cast: Cast) -> dict[str, int]:
    """Three works by their slugs, the first one published first."""
    return {slug: make_offer(cast.alice, slug).id for slug in ("first", "second", "third")}


def order() -> list[str]:
    return [row.slug for row in browse(Filters()).rows]


def test_without_news_the_newest_come_first(three: dict[str, int]) -> None:
    trending.rank()
    assert order() == ["third", "second", "first"]


def test_a_get_today_outweighs_one_last_week_and_a_sale_outweighs_two_gets(three: dict[str, int]) -> None:
    happened("license.granted", three["third"], ago=8 * DAY)
    happened("license.granted", three["second"], times=2)
    happened("license.granted", three["first"])
    happened("order.paid", three["first"])

    trending.rank()

    assert order() == ["first", "second", "third"]


def test_scores_halve_in_a_week_and_end_after_thirty_days(three: dict[str, int]) -> None:
    happened("license.granted", three["first"], times=4, ago=7 * DAY)
    happened("license.granted", three["second"], ago=31 * DAY)
    assert trending.scores_at(clock.now()) == {three["first"]: 2000}


def test_bob_gets_a_work_and_it_rises(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Wanted", price=0)
    make_offer(cast.alice, "Newer", price=0)
    client.as_person(cast.bob).post("/listings/wanted/orders", data={"price": "0", "currency": "USD"})
    trending.rank()
    assert order() == ["wanted", "newer"]


def test_old_fame_fades(three: dict[str, int], move_clock: Callable[[timedelta], None]) -> None:
    happened("license.granted", three["first"], times=5)
    trending.rank()
    trending.rank()
    assert order()[0] == "first"
    move_clock(40 * DAY)
    trending.rank()
    assert order() == ["third", "second", "first"]


def test_a_ranking_writes_the_order_nobody_reads_and_then_turns_over(three: dict[str, int]) -> None:
    happened("license.granted", three["second"])
    before = standing().generation
    trending.rank()
    listing = db.session.get_one(Listing, three["second"], populate_existing=True)
    assert standing().generation == before + 1
    assert (listing.trending_even, listing.trending_odd) == (0, 1000)
    facets = sa.select(ListingFacet.trending_even, ListingFacet.trending_odd).where(
        ListingFacet.listing_id == listing.id
    )
    assert {tuple(row) for row in db.session.execute(facets)} == {(0, 1000)}


def test_only_one_ranking_at_a_time_unless_it_died(
    three: dict[str, int], move_clock: Callable[[timedelta], None]
) -> None:
    with step():
        db.session.execute(sa.update(CatalogState).values(ranking_since=clock.now()))
    before = standing()
    trending.rank()
    assert standing() == before
    assert not before.keeps(before.generation - 1)

    move_clock(timedelta(hours=1))
    trending.rank()
    assert standing().generation == before.generation + 1
    assert not standing().is_ranking


def test_many_are_ranked_in_batches(three: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trending, "BATCH", 1)
    for slug, times in (("first", 3), ("second", 2), ("third", 1)):
        happened("license.granted", three[slug], times=times)
    trending.rank()
    assert order() == ["first", "second", "third"]


def test_what_is_withdrawn_keeps_its_fame_for_its_return(cast: Cast, three: dict[str, int]) -> None:
    happened("license.granted", three["first"])
    with step():
        unpublish(db.session.get_one(Listing, three["first"]), by=cast.alice)
    trending.rank()
    with step():
        publish(db.session.get_one(Listing, three["first"], populate_existing=True), by=cast.alice)
    assert order() == ["first", "third", "second"]


def test_the_worker_ranks_every_half_hour(app: Flask) -> None:
    declared = {each.name: each for each in app.extensions["jobs"].periodic}
    assert declared["catalog.rank"].run is trending.rank
    assert declared["catalog.rank"].minutes == 30
