"""Full-text search: the listings that match what was typed, the newest thousand at most.

Ranking everything that holds a common word is a cliff, so only the newest matches are ranked. Both engines walk a
whole word lazily, newest first, but gather every match of a prefix before they give the first: words are completed
only where the words as typed find too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storefront.catalog.models import Listing, search_vector
from storefront.kit.db import dialect
from storefront.kit.search import fts5, tsquery

MOST_CANDIDATES = 500  # with the words as typed; as many again with words that begin so
TITLE_HIT = 1 << 40  # above any trending key, so that title hits come first

FTS = sa.table("listings_fts", sa.column("rowid", sa.BigInteger))
NOTHING = {"sqlite": '""', "postgresql": ""}  # a query that is valid and matches nothing


def search_parameters(words: Sequence[str]) -> dict[str, str]:
    """The parameters of ``candidates``: the words as typed or begun, anywhere or in the title."""
    if dialect() == "postgresql":
        return {
            f"{place}{ending}": tsquery(words, weight=weight, whole=ending == "whole")
            for place, weight in (("", ""), ("title_", "A"))
            for ending in ("whole", "begun")
        }
    return {
        f"{place}{ending}": fts5(words, column=column, whole=ending == "whole")
        for place, column in (("", None), ("title_", "title"))
        for ending in ("whole", "begun")
    }


def candidates() -> sa.CTE:
    """Columns ``id`` and ``bonus``: ``TITLE_HIT`` where every word is in the title, else 0."""
    whole = _newest(_text("whole")).cte("whole")
    is_thin = sa.select(sa.func.count()).select_from(whole).scalar_subquery() < MOST_CANDIDATES
    begun = _newest(sa.case((is_thin, _text("begun")), else_=NOTHING[dialect()])).subquery()
    hits = sa.union(sa.select(whole), sa.select(begun)).cte("hits")
    title = sa.case((is_thin, _text("title_begun")), else_=_text("title_whole"))
    bonus = sa.case((_is_titled(hits, title), TITLE_HIT), else_=0)
    return sa.select(hits.c.id, sa.cast(bonus, sa.BigInteger).label("bonus")).cte("candidates")


def _text(name: str) -> sa.BindParameter[str]:
    return sa.bindparam(name, type_=sa.Text)


def _newest(query: sa.ColumnElement[str]) -> sa.Select[Any]:
    id = Listing.id.label("id") if dialect() == "postgresql" else FTS.c.rowid.label("id")
    return sa.select(id).where(_matches(query)).order_by(id.desc()).limit(MOST_CANDIDATES)


def _is_titled(hits: sa.CTE, title: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a hit is one by its title; looked for no further back than the oldest hit."""
    if dialect() == "postgresql":
        titled = sa.select(sa.literal(1)).where(Listing.id == hits.c.id, _matches(title))
        return titled.offset(0).exists()
    oldest = sa.select(sa.func.min(hits.c.id)).scalar_subquery()
    return hits.c.id.in_(sa.select(FTS.c.rowid).where(_matches(title), FTS.c.rowid >= oldest))


def _matches(query: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    if dialect() == "postgresql":
        return search_vector().op("@@")(sa.func.to_tsquery(sa.literal_column("'simple'"), query))
    return sa.literal_column("listings_fts").op("MATCH")(query)
