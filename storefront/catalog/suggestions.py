"""What is offered while somebody types, and when nothing was found."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from storefront.catalog.models import FacetCount
from storefront.catalog.tags import normalized
from storefront.kit.db import db, dialect

TAG = "tag:"
PAST_EVERY_LETTER = "\U0010ffff"
MOST_TAGS_READ = 500


def tags_beginning(text: str, *, limit: int = 3) -> Sequence[sa.Row[Any]]:
    """``(tag, listings)`` of the tags in use that begin with ``text``, the most used first."""
    return _tags(normalized(text), limit) if normalized(text) else []


def common_tags(*, limit: int = 40) -> list[str]:
    """The tags in use, the most used first."""
    return [row[0] for row in _tags("", limit)]


def nearest_tag(words: Sequence[str]) -> str | None:
    """A tag in use that is spelled almost like what was typed, read from those with the same first letter."""
    typed = normalized(" ".join(words))
    if not typed:
        return None
    known = [row[0] for row in _tags(typed[0], MOST_TAGS_READ) if row[0] != typed]
    return next(iter(get_close_matches(typed, known, n=1, cutoff=0.7)), None)


def _tags(prefix: str, limit: int) -> Sequence[sa.Row[Any]]:
    # A prefix is a range only in the order of code points; PostgreSQL's own order may be a language's.
    facet = sa.collate(FacetCount.facet, "C") if dialect() == "postgresql" else FacetCount.facet
    begins = sa.and_(facet >= f"{TAG}{prefix}", facet < f"{TAG}{prefix}{PAST_EVERY_LETTER}")
    tag = sa.func.substr(FacetCount.facet, len(TAG) + 1)
    query = sa.select(tag, FacetCount.listings).where(begins, FacetCount.listings > 0)
    return db.session.execute(query.order_by(FacetCount.listings.desc(), FacetCount.facet).limit(limit)).all()
