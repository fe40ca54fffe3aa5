"""Trending: gets and sales of the last thirty days, decayed; ranked by a job, never for a page.

Two columns take turns. A ranking is written into the one nobody starts from, in batches, and then becomes
current by one changed number; who pages through the order before it can go on until the next ranking begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import cast

import sqlalchemy as sa

from storefront.catalog.facets import ALL
from storefront.catalog.models import CatalogState, Listing, ListingFacet
from storefront.catalog.standing import trending_key
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, step

WINDOW = timedelta(days=30)
WEIGHTS = {"license.granted": 1, "order.paid": 2}  # a sale is both, so it weighs three gets
HALF_LIFE = 7  # days after which something that happened counts half
UNIT = 1000  # what one get of today scores
BATCH = 500  # listings in one transaction
ABANDONED = timedelta(minutes=15)  # a ranking that began this long ago has died with its process


def rank() -> None:
    """Make the next trending order and make it current. Does nothing while another ranking is under way."""
    scores = scores_at(clock.now())
    began = clock.now()
    with step():
        generation = _begin(began)
    if generation is None:
        return
    key = trending_key(generation + 1).key
    for batch in _batches(sorted(scores.keys() | _ranked(key))):
        with step():
            _write(key, {listing: scores.get(listing, 0) for listing in batch})
    with step():
        _finish(generation, began)


def scores_at(now: datetime) -> dict[int, int]:
    """The score of every listing that somebody got or bought in the thirty days before ``now``."""
    listing, day = Event.data["listing"].as_integer(), sa.func.date(Event.at)
    happened = (
        sa.select(Event.name, listing, day, sa.func.count())
        .where(Event.name.in_(WEIGHTS), Event.at > now - WINDOW, Event.at <= now, listing.is_not(None))
        .group_by(Event.name, listing, day)
    )
    scores: dict[int, int] = {}
    for name, id, when, times in db.session.execute(happened):
        age = (now.date() - date.fromisoformat(str(when))).days
        scores[id] = scores.get(id, 0) + times * WEIGHTS[name] * round(UNIT * 0.5 ** (age / HALF_LIFE))
    return scores


def _begin(now: datetime) -> int | None:
    """Close the order before the current one to paging; the current generation, None if another job was first."""
    free = sa.or_(CatalogState.ranking_since.is_(None), CatalogState.ranking_since < now - ABANDONED)
    begun = sa.update(CatalogState).where(free).values(ranking_since=now).returning(CatalogState.generation)
    return db.session.scalar(begun)


def _ranked(key: str) -> set[int]:
    """The listings that have a score in the order about to be written anew."""
    column = getattr(ListingFacet, key)
    return set(db.session.scalars(sa.select(ListingFacet.listing_id).where(ListingFacet.facet == ALL, column > 0)))


def _batches(listings: Sequence[int]) -> Iterator[Sequence[int]]:
    return (listings[start : start + BATCH] for start in range(0, len(listings), BATCH))


def _write(key: str, scores: Mapping[int, int]) -> None:
    """Only rows whose key changes are written."""
    rows = [{"listing": listing, "score": score} for listing, score in scores.items()]
    score, listing = sa.bindparam("score", type_=sa.BigInteger), sa.bindparam("listing", type_=sa.BigInteger)
    for table, id in ((Listing.__table__, "id"), (ListingFacet.__table__, "listing_id")):
        changed = sa.update(cast(sa.Table, table)).where(table.c[id] == listing, table.c[key] != score)
        db.session.connection().execute(changed.values({key: score}), rows)


def _finish(generation: int, began: datetime) -> None:
    mine = sa.update(CatalogState).where(CatalogState.generation == generation, CatalogState.ranking_since == began)
    db.session.execute(mine.values(generation=generation + 1, ranked_at=began, ranking_since=None))
