"""A page of the catalog: two statements, whatever is filtered.

Nothing is counted: counts are stored, and a page knows only whether it is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront.catalog.cards import cards
from storefront.catalog.facets import ALL
from storefront.catalog.filters import Filters
from storefront.catalog.searching import MOST_CANDIDATES
from storefront.catalog.standing import Standing, standing
from storefront.catalog.walk import Place, page_of
from storefront.kit import paging

PAGE = 24


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
    rows = [] if is_hopeless(filters, now) else cards(*page_of(filters, now, generation, place, limit + 1))
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
