"""A page of the catalog: one walk along a covering index, two statements, whatever is filtered.

The walk follows the rarest of the facets that a listing must have; the others are looked up in the facets'
primary key. Nothing is counted: counts are stored, and a page knows only whether it is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront.catalog.cards import cards, cards_of
from storefront.catalog.facets import ALL
from storefront.catalog.filters import Filters
from storefront.catalog.models import ListingFacet
from storefront.catalog.searching import MOST_CANDIDATES, candidates
from storefront.catalog.standing import Standing, standing, trending_key
from storefront.kit import paging

PAGE = 24
HELD = sa.alias(ListingFacet.__table__, "held")


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the listing ``last``, whose sort key is ``key``; ``shown`` came before it."""

    sort: str
    generation: int
    key: int
    last: int
    shown: int

    @property
    def cursor(self) -> str:
        return paging.encode(self.sort, self.generation, self.key, self.last, self.shown)


@dataclass(frozen=True)
class Results:
    """One page of what was asked for.

    ``total`` is None where counting would cost more than the page. ``is_restart`` says that the place asked
    for is gone, because the trending order was made anew twice since, and this is the first page instead.
    """

    filters: Filters
    standing: Standing
    rows: Sequence[sa.Row[Any]]
    next: str | None
    shown: int
    total: int | None
    is_capped: bool
    is_restart: bool

    @property
    def count_words(self) -> str:
        """``58 works``, ``1,000+ works``, or the least that is known."""
        if self.total is None:
            return f"More than {self.shown:,} works"
        return "1 work" if self.total == 1 else f"{self.total:,}{'+' if self.is_capped else ''} works"

    @property
    def shown_words(self) -> str:
        known = self.total is not None and not self.is_capped
        return f"{self.shown:,} of {self.total:,} shown" if known else f"{self.shown:,} shown"

    @property
    def next_url(self) -> str | None:
        return self.filters.url(after=self.next) if self.next else None


def browse(filters: Filters, after: str = "", *, limit: int = PAGE) -> Results:
    """The page of ``filters`` past the cursor ``after``. Raises BadRequest for a cursor that isn't ours."""
    now = standing(filters.facets)
    asked = Place(*paging.decode(after, str, int, int, int, int)) if after else None
    place = asked if asked and asked.sort == filters.sort and now.keeps(asked.generation) else None
    generation = place.generation if place else now.generation
    rows = [] if is_hopeless(filters, now) else cards(_page(filters, now, generation, place, limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    shown = (place.shown if place else 0) + len(rows)
    next = Place(filters.sort, generation, rows[-1].key, rows[-1].id, shown).cursor if more else None
    total, is_capped = _total(filters, now, rows, shown, more=more)
    return Results(filters, now, rows, next, shown, total, is_capped, is_restart=bool(asked) and place is None)


def is_hopeless(filters: Filters, now: Standing) -> bool:
    """Whether no listing can match: a facet that none has, or a search without a single word."""
    return bool(filters.q and not filters.words) or any(not now.counts.get(each) for each in filters.required)


def _total(
    filters: Filters, now: Standing, rows: Sequence[sa.Row[Any]], shown: int, *, more: bool
) -> tuple[int | None, bool]:
    """How many match, where that is known without counting, and whether it is only the least there may be."""
    if not more:
        return shown, False
    if filters.words:
        return rows[0].total, rows[0].total >= MOST_CANDIDATES
    if filters.alternatives or filters.excluded or len(filters.required) > 1:
        return None, False
    return now.counts.get((filters.required or [ALL])[0], 0), False


def _page(filters: Filters, now: Standing, generation: int, place: Place | None, limit: int) -> sa.Select[Any]:
    descending = filters.sort != "price_asc"
    query, key, tie, *total = _source(filters, now, generation, place)
    after = (place.key, place.last) if place else None
    page = paging.keyset(query, key, tie, descending=descending, limit=limit, after=after).subquery("page")
    order = (page.c[key.key], page.c.listing_id)
    found = cards_of(page, page.c[key.key].label("key"), *total)
    return found.order_by(*(column.desc() if descending else column.asc() for column in order))


def _source(filters: Filters, now: Standing, generation: int, place: Place | None) -> Sequence[Any]:
    """What to page through: a query, its sort key and its tie breaker; for a search also how many match."""
    key = _key(filters.sort, generation)
    if filters.words:
        return _search(filters, key)
    driver, *others = sorted(filters.required, key=lambda facet: now.counts.get(facet, 0)) or [ALL]
    walk = sa.select(ListingFacet.listing_id, key).where(ListingFacet.facet == driver, *_within(filters, place))
    return walk.where(*_looked_up(filters, others, ListingFacet.listing_id)), key, ListingFacet.listing_id


def _search(filters: Filters, key: Any) -> Sequence[Any]:
    hits = candidates(filters.words)
    of_hit = sa.select(key).where(ListingFacet.listing_id == hits.c.id, ListingFacet.facet == ALL).scalar_subquery()
    rank = (of_hit + hits.c.bonus if filters.sort == "relevance" else of_hit).label("rank")
    query = sa.select(hits.c.id.label("listing_id"), rank).where(*_looked_up(filters, filters.required, hits.c.id))
    found = query.cte("matched")
    total = sa.select(sa.func.count()).select_from(found).scalar_subquery().label("total")
    return sa.select(found.c.listing_id, found.c.rank), found.c.rank, found.c.listing_id, total


def _key(sort: str, generation: int) -> Any:
    if sort == "newest":
        return ListingFacet.newest
    return ListingFacet.price if sort.startswith("price") else trending_key(generation)


def _looked_up(filters: Filters, required: Sequence[str], listing: Any) -> list[sa.ColumnElement[bool]]:
    """What is asked of each listing that the walk or the search comes by."""
    alternatives = [_has(listing, *facets) for facets in filters.alternatives]
    return [_has(listing, facet) for facet in required] + alternatives + [~_has(listing, *filters.excluded)]


def _has(listing: Any, *facets: str) -> sa.ColumnElement[bool]:
    """Whether ``listing`` has any of ``facets``, looked up one listing at a time in the primary key.

    The offset of nothing keeps PostgreSQL from joining instead, for which it would read every listing that has one.
    """
    if not facets:
        return sa.false()
    held = sa.select(sa.literal(1)).where(HELD.c.listing_id == listing, HELD.c.facet.in_(facets))
    return held.offset(0).exists()


def _within(filters: Filters, place: Place | None) -> list[sa.ColumnElement[bool]]:
    """A price filter said of the sort key too: else a walk by price would first pass all those it leaves out."""
    if not filters.sort.startswith("price"):
        return []
    if filters.price == ("free",):
        return [ListingFacet.price == 0]
    # Past the first page of a rising walk the place itself is a bound, and SQLite would take the lower of two.
    is_bounded = place is not None and filters.sort == "price_asc"
    return [ListingFacet.price > 0] if filters.price == ("paid",) and not is_bounded else []
