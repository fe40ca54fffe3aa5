"""Full-text search: the listings that match what was typed, newest first and never more than a thousand.

Ranking everything that holds a common word is a cliff, so only the newest matches are ranked. Matches in the
title are looked for by themselves, so that an old work is still found by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storefront.catalog.models import Listing, search_vector
from storefront.kit.db import dialect
from storefront.kit.search import fts5, tsquery

MOST_CANDIDATES = 1000
TITLE_HIT = 1 << 40  # above any trending key, so that title hits come first

FTS = sa.table("listings_fts", sa.column("rowid", sa.BigInteger))


def candidates(words: Sequence[str]) -> sa.CTE:
    """Columns ``id`` and ``bonus``: ``TITLE_HIT`` where every word is in the title, else 0."""
    hits = sa.union_all(
        sa.select(_newest(words, in_title=True).subquery()), sa.select(_newest(words, in_title=False).subquery())
    ).subquery("hits")
    best = sa.select(hits.c.id, sa.func.max(hits.c.bonus).label("bonus")).group_by(hits.c.id)
    return best.cte("candidates")


def _newest(words: Sequence[str], *, in_title: bool) -> sa.Select[Any]:
    """The newest listings in which every word stands or begins a word."""
    bonus = sa.literal(TITLE_HIT if in_title else 0, sa.BigInteger).label("bonus")
    if dialect() == "postgresql":
        query = sa.func.to_tsquery(sa.literal_column("'simple'"), tsquery(words, weight="A" if in_title else ""))
        id, matches = Listing.id.label("id"), search_vector().op("@@")(query)
    else:
        text = fts5(words, column="title" if in_title else None)
        id, matches = FTS.c.rowid.label("id"), sa.literal_column("listings_fts").op("MATCH")(text)
    return sa.select(id, bonus).where(matches).order_by(id.desc()).limit(MOST_CANDIDATES)
