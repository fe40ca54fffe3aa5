"""How the catalog stands: how many listings each facet has, and which trending order is current."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storefront.catalog.facets import ALL
from storefront.catalog.models import CatalogState, FacetCount, ListingFacet
from storefront.kit.db import db

COUNTS, STATE = cast(sa.Table, FacetCount.__table__), cast(sa.Table, CatalogState.__table__)
STANDING = sa.union_all(
    sa.select(COUNTS.c.facet, COUNTS.c.listings).where(COUNTS.c.facet.in_(sa.bindparam("facets", expanding=True))),
    sa.select(sa.literal("generation"), STATE.c.generation),
    sa.select(sa.literal("ranking"), sa.case((STATE.c.ranking_since.is_(None), 0), else_=1)),
)


@dataclass(frozen=True)
class Standing:
    """Stored counts by facet, and the generation of the trending order."""

    counts: Mapping[str, int]
    generation: int
    is_ranking: bool

    @property
    def total(self) -> int:
        """How many listings are in the catalog."""
        return self.counts.get(ALL, 0)

    def keeps(self, generation: int) -> bool:
        """Whether an order of this generation can still be paged: the current one, or the one before it."""
        return generation == self.generation or (generation == self.generation - 1 and not self.is_ranking)


def standing(facets: Iterable[str] = (ALL,)) -> Standing:
    """The counts of ``facets`` and the generation, in one statement."""
    rows = db.session.execute(STANDING, {"facets": list(facets)})
    found = {row[0]: int(row[1]) for row in rows}
    return Standing(found, found.pop("generation"), bool(found.pop("ranking")))


def trending_key(generation: int) -> InstrumentedAttribute[int]:
    """The column that holds the trending order of a generation."""
    return ListingFacet.trending_odd if generation % 2 else ListingFacet.trending_even
