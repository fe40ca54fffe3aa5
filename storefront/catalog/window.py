"""The shop window of one listing: everything its page shows, read in a handful of statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import role_in
from storefront.catalog.cards import cards, cards_of
from storefront.catalog.models import CatalogState, Listing, ListingFacet, ListingPicture
from storefront.catalog.standing import trending_key
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.works.models import Version, VersionItem

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
MOST_TITLES = 200
MOST_COUNTED = 100  # of a creator's works; beyond, a page says so many and more
VERSIONS_SHOWN = 3
SIMILAR_SHOWN = 4
PER_TAG, PER_KIND = 12, 8  # how many of each facet's most wanted are weighed as similar


# Composing these costs more than running them, so it is done once.
_CREATOR = sa.select(Listing.workspace_id).where(Listing.slug == sa.bindparam("slug")).scalar_subquery()
_THEIRS = sa.select(Listing.id).where(Listing.workspace_id == _CREATOR, Listing.state == "published")
WINDOW = (
    sa.select(
        Listing,
        sa.select(sa.func.count()).select_from(_THEIRS.limit(MOST_COUNTED).subquery()).scalar_subquery(),
        sa.select(CatalogState.generation).scalar_subquery(),
        sa.select(sa.func.count())
        .where(ListingPicture.listing_id == Listing.id, ListingPicture.place > 0)
        .correlate(Listing)
        .scalar_subquery(),
    )
    .where(Listing.slug == sa.bindparam("slug"))
    .options(
        joinedload(Listing.workspace).joinedload(Workspace.owner), joinedload(Listing.version), joinedload(Listing.work)
    )
)
TITLES = (
    sa.select(VersionItem.key, VersionItem.parent_key, VersionItem.kind, VersionItem.title)
    .where(VersionItem.version_id == sa.bindparam("version"))
    .order_by(VersionItem.position)
    .limit(MOST_TITLES)
)
VERSIONS = (
    sa.select(Version.number, Version.changelog, Version.published_at)
    .where(Version.work_id == sa.bindparam("work"), Version.number <= sa.bindparam("newest"))
    .order_by(Version.number.desc())
    .limit(VERSIONS_SHOWN)
)


@dataclass(frozen=True)
class Window:
    """A listing with its creator and version; how many works they have, a hundred at most; the trending order; how many
    pictures its gallery has."""

    listing: Listing
    works: int
    generation: int
    pictures: int = 0

    @property
    def works_words(self) -> str:
        """``9 works``, or ``100+ works``."""
        if self.works == 1:
            return "1 work"
        return f"{self.works}{'+' if self.works == MOST_COUNTED else ''} works"


@dataclass
class Entry:
    """An item's title in the outline of what is inside, with those below it. Never its content.

    ``blocks`` counts what a page is made of; they have no rows of their own.
    """

    kind: str
    title: str
    blocks: int = 0
    children: list[Entry] = field(default_factory=list)


def window_for(person: Person | None, slug: str) -> Window:
    """The listing under ``slug``: a published one for anybody, any other for its workspace's members.

    Raises NotFound for everybody else.
    """
    if not SLUG.fullmatch(slug):
        raise NotFound
    row = db.session.execute(WINDOW, {"slug": slug}).one_or_none()
    if row is None or not (row[0].is_public or role_in(person, row[0].workspace_id)):
        raise NotFound
    return Window(*row)


def outline(listing: Listing) -> list[Entry]:
    """Titles of the listing's version as a forest, at most two hundred of them."""
    rows = db.session.execute(TITLES, {"version": listing.version_id}).all()
    entries = {row.key: Entry(row.kind, row.title) for row in rows}
    roots: list[Entry] = []
    for row in rows:
        parent = entries.get(row.parent_key)
        if row.kind == "block":
            if parent:
                parent.blocks += 1
            continue
        (parent.children if parent else roots).append(entries[row.key])
    return roots


def versions_of(listing: Listing) -> Sequence[Any]:
    """Number, changelog and day of the newest three versions up to the one in the window."""
    if listing.version is None:
        return []
    return db.session.execute(VERSIONS, {"work": listing.work_id, "newest": listing.version.number}).all()


def similar_to(window: Window) -> Sequence[sa.Row[Any]]:
    """Cards of the works that share most of its tags, then its kind, the more wanted first."""
    listing = window.listing
    values: dict[str, Any] = {f"facet_{at}": f"tag:{tag}" for at, tag in enumerate(listing.tags)}
    values |= {f"facet_{len(listing.tags)}": f"kind:{listing.kind}", "id": listing.id}
    return cards(_similar(trending_key(window.generation).key, len(listing.tags)), values)


@lru_cache(maxsize=64)
def _similar(key_name: str, tags: int) -> sa.Select[Any]:
    """Composed once for each order and number of tags; parameters ``facet_0`` and on (the kind last) and ``id``."""
    key = getattr(ListingFacet, key_name)
    weighed = [(PER_TAG, 2)] * tags + [(PER_KIND, 1)]
    parts = [
        sa.select(
            sa.select(ListingFacet.listing_id, key.label("rank"), sa.literal(weight).label("weight"))
            .where(ListingFacet.facet == sa.bindparam(f"facet_{at}"), ListingFacet.listing_id != sa.bindparam("id"))
            .order_by(key.desc(), ListingFacet.listing_id.desc())
            .limit(most)
            .subquery()
        )
        for at, (most, weight) in enumerate(weighed)
    ]
    each = sa.union_all(*parts).subquery()
    order = (sa.func.sum(each.c.weight).desc(), sa.func.max(each.c.rank).desc(), each.c.listing_id.desc())
    page = (
        sa.select(each.c.listing_id, sa.func.row_number().over(order_by=order).label("place"))
        .group_by(each.c.listing_id)
        .order_by(*order)
        .limit(SIMILAR_SHOWN)
        .subquery("page")
    )
    return cards_of(page).order_by(page.c.place)
