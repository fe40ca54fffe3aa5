"""The shop window of one listing: everything its page shows, read in a handful of statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Membership, Person
from storefront.catalog.cards import cards, cards_of
from storefront.catalog.models import CatalogState, Listing, ListingFacet
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


@dataclass(frozen=True)
class Window:
    """A listing with its creator and version; how many works they have, a hundred at most; the trending order."""

    listing: Listing
    works: int
    generation: int

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
    creator = sa.select(Listing.workspace_id).where(Listing.slug == slug).scalar_subquery()
    theirs = sa.select(Listing.id).where(Listing.workspace_id == creator, Listing.state == "published")
    others = sa.select(sa.func.count()).select_from(theirs.limit(MOST_COUNTED).subquery())
    generation = sa.select(CatalogState.generation).scalar_subquery()
    query = sa.select(Listing, others.scalar_subquery(), generation).where(Listing.slug == slug)
    row = db.session.execute(query.options(joinedload(Listing.workspace), joinedload(Listing.version))).one_or_none()
    if row is None or not (row[0].is_public or _is_member(person, row[0].workspace_id)):
        raise NotFound
    return Window(*row)


def _is_member(person: Person | None, workspace_id: int) -> bool:
    return person is not None and db.session.get(Membership, (workspace_id, person.id)) is not None


def outline(listing: Listing) -> list[Entry]:
    """Titles of the listing's version as a forest, at most two hundred of them."""
    query = (
        sa.select(VersionItem.key, VersionItem.parent_key, VersionItem.kind, VersionItem.title)
        .where(VersionItem.version_id == listing.version_id)
        .order_by(VersionItem.position)
        .limit(MOST_TITLES)
    )
    rows = db.session.execute(query).all()
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
    query = (
        sa.select(Version.number, Version.changelog, Version.published_at)
        .where(Version.work_id == listing.work_id, Version.number <= listing.version.number)
        .order_by(Version.number.desc())
        .limit(VERSIONS_SHOWN)
    )
    return db.session.execute(query).all()


def similar_to(window: Window) -> Sequence[sa.Row[Any]]:
    """Cards of the works that share most of its tags, then its kind, the more wanted first."""
    listing, key = window.listing, trending_key(window.generation)
    wanted = [(f"tag:{tag}", PER_TAG, 2) for tag in listing.tags] + [(f"kind:{listing.kind}", PER_KIND, 1)]
    parts = [
        sa.select(
            sa.select(ListingFacet.listing_id, key.label("rank"), sa.literal(weight).label("weight"))
            .where(ListingFacet.facet == facet, ListingFacet.listing_id != listing.id)
            .order_by(key.desc(), ListingFacet.listing_id.desc())
            .limit(most)
            .subquery()
        )
        for facet, most, weight in wanted
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
    return cards(cards_of(page).order_by(page.c.place))
