"""The statement behind a page of the catalog: one walk along a covering index, or through what a search found.

The walk follows the rarest of the facets that a listing must have; the others are looked up in the facets'
primary key. Composing a statement costs more than running it, so each is composed once for its shape; what is
asked for are its parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa

from storefront.catalog.cards import cards_of
from storefront.catalog.facets import ALL
from storefront.catalog.filters import Filters
from storefront.catalog.models import ListingFacet
from storefront.catalog.searching import candidates, search_parameters
from storefront.catalog.standing import Standing, trending_key
from storefront.kit import paging
from storefront.kit.db import dialect

FACETS = cast(sa.Table, ListingFacet.__table__)
HELD = FACETS.alias("held")


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
class Shape:
    """All that decides how the statement reads.

    ``required`` and ``alternatives`` say how many single facets and how many groups are looked up; ``price`` is
    ``free`` or ``paid`` where that bounds the walk.
    """

    dialect: str
    sort: str
    generation: int
    is_first: bool
    is_search: bool
    required: int
    alternatives: int
    excludes: bool
    price: str

    @property
    def descending(self) -> bool:
        return self.sort != "price_asc"


def page_of(
    filters: Filters, now: Standing, generation: int, place: Place | None, limit: int
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """The statement of a page and its parameters.

    Its rows are cards with ``key``, the sort key, and for a search ``total``, how many match.
    """
    required = sorted(filters.required, key=lambda facet: now.counts.get(facet, 0))
    values: dict[str, Any] = {"limit": limit}
    if place:
        values |= {"key": place.key, "last": place.last}
    if filters.words:
        values |= search_parameters(filters.words)
    else:
        values["driver"], *required = required or [ALL]
    values |= {f"required_{at}": facet for at, facet in enumerate(required)}
    values |= {f"alternatives_{at}": facets for at, facets in enumerate(filters.alternatives)}
    if filters.excluded:
        values["excluded"] = filters.excluded
    shape = Shape(
        dialect(), filters.sort, generation % 2, place is None, bool(filters.words), len(required),
        len(filters.alternatives), bool(filters.excluded), _bound(filters, place),
    )  # fmt: skip
    return _statement(shape), values


def _bound(filters: Filters, place: Place | None) -> str:
    """A price filter that is said of the sort key too: else a walk by price first passes all those it leaves out.

    Past the first page of a rising walk the place itself is that bound, and SQLite would take the lower of two.
    """
    if not filters.sort.startswith("price") or filters.price not in (("free",), ("paid",)):
        return ""
    is_bounded = filters.price == ("paid",) and place is not None and filters.sort == "price_asc"
    return "" if is_bounded else filters.price[0]


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> sa.Select[Any]:
    query, key, tie, *total = _search(shape) if shape.is_search else _walk(shape)
    after = None if shape.is_first else (sa.bindparam("key", type_=sa.BigInteger), _number("last"))
    page = paging.keyset(
        query, key, tie, descending=shape.descending, limit=cast(int, _number("limit")), after=cast(Any, after)
    ).subquery("page")
    order = (page.c[key.key], page.c.listing_id)
    found = cards_of(page, page.c[key.key].label("key"), *total)
    return found.order_by(*(column.desc() if shape.descending else column.asc() for column in order))


def _number(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.BigInteger)


def _walk(shape: Shape) -> Sequence[Any]:
    """What to page through, its sort key and its tie breaker."""
    key = _key(shape)
    query = sa.select(FACETS.c.listing_id, key).where(FACETS.c.facet == sa.bindparam("driver"))
    if shape.price:
        query = query.where(FACETS.c.price == 0 if shape.price == "free" else FACETS.c.price > 0)
    return query.where(*_looked_up(shape, FACETS.c.listing_id)), key, FACETS.c.listing_id


def _search(shape: Shape) -> Sequence[Any]:
    """The same for a search, and how many match."""
    hits = candidates()
    of_hit = sa.select(_key(shape)).where(FACETS.c.listing_id == hits.c.id, FACETS.c.facet == ALL).scalar_subquery()
    rank = (of_hit + hits.c.bonus if shape.sort == "relevance" else of_hit).label("rank")
    query = sa.select(hits.c.id.label("listing_id"), rank).where(*_looked_up(shape, hits.c.id))
    found = query.cte("matched")
    total = sa.select(sa.func.count()).select_from(found).scalar_subquery().label("total")
    return sa.select(found.c.listing_id, found.c.rank), found.c.rank, found.c.listing_id, total


def _key(shape: Shape) -> sa.Column[Any]:
    if shape.sort == "newest":
        return FACETS.c.newest
    return FACETS.c.price if shape.sort.startswith("price") else FACETS.c[trending_key(shape.generation).key]


def _looked_up(shape: Shape, listing: Any) -> list[sa.ColumnElement[bool]]:
    """What is asked of each listing that the walk or the search comes by."""
    required = [_has(listing, sa.bindparam(f"required_{at}")) for at in range(shape.required)]
    alternatives = [_has_any(listing, f"alternatives_{at}") for at in range(shape.alternatives)]
    return required + alternatives + ([~_has_any(listing, "excluded")] if shape.excludes else [])


def _has_any(listing: Any, name: str) -> sa.ColumnElement[bool]:
    return _held(listing, HELD.c.facet.in_(sa.bindparam(name, expanding=True)))


def _has(listing: Any, facet: Any) -> sa.ColumnElement[bool]:
    return _held(listing, HELD.c.facet == facet)


def _held(listing: Any, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether ``listing`` has such a facet, looked up one listing at a time in the primary key.

    The offset of nothing keeps PostgreSQL from joining instead, for which it would read every listing that has one.
    """
    return sa.select(sa.literal(1)).where(HELD.c.listing_id == listing, which).offset(0).exists()
