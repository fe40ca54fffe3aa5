"""The front page's wall, and a creator's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import LONGEST_HANDLE, Workspace
from storefront.catalog.browse import PAGE
from storefront.catalog.cards import CARD, cards, cards_of
from storefront.catalog.facets import ALL
from storefront.catalog.models import Listing, ListingFacet
from storefront.catalog.standing import Standing, standing, trending_key
from storefront.kit import clock, paging
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page

HANDLE = re.compile(rf"[a-z0-9-]{{1,{LONGEST_HANDLE}}}")
HANG, TRENDING, NEW = 6, 4, 4
WEEK = timedelta(days=7)

Rows = Sequence[sa.Row[Any]]


@dataclass(frozen=True)
class Wall:
    """What hangs on the front page: no work twice, as long as there are enough of them."""

    standing: Standing
    trending: Rows
    hang: Rows
    pick: sa.Row[Any] | None
    new: Rows

    @property
    def is_new_this_week(self) -> bool:
        return bool(self.new) and all(row.published_at > clock.now() - WEEK for row in self.new)


def front_wall() -> Wall:
    """The most wanted, the newest, and the work the house picked; the top trending one if it picked none."""
    now = standing()
    wanted = _first(trending_key(now.generation), HANG + TRENDING + 1)
    pick = _picked() or (_example_of(wanted[0].id) if wanted else None)
    wanted = [row for row in wanted if pick is None or row.id != pick.id][: HANG + TRENDING]
    trending, hang = wanted[:TRENDING], wanted[TRENDING:]
    hung = {row.id for row in wanted} | ({pick.id} if pick else set())
    newest = _first(ListingFacet.newest, HANG + TRENDING + NEW + 1)
    new = sorted(newest, key=lambda row: row.id in hung)[:NEW]
    return Wall(now, trending, hang or trending, pick, new)


def most_wanted() -> sa.Row[Any] | None:
    """The work that trends most; None in an empty catalog."""
    return next(iter(_first(trending_key(standing().generation), 1)), None)


def _first(key: Any, limit: int) -> Rows:
    return cards(_first_by(key.key), {"limit": limit})


@lru_cache(maxsize=8)
def _first_by(key_name: str) -> sa.Select[Any]:
    key = getattr(ListingFacet, key_name)
    page = (
        sa.select(ListingFacet.listing_id, key.label("key"))
        .where(ListingFacet.facet == ALL)
        .order_by(key.desc(), ListingFacet.listing_id.desc())
        .limit(sa.bindparam("limit", type_=sa.BigInteger))
        .subquery("page")
    )
    return cards_of(page).order_by(page.c.key.desc(), page.c.listing_id.desc())


def _picked() -> sa.Row[Any] | None:
    featured = sa.and_(Listing.featured_at.is_not(None), Listing.state == "published")
    return db.session.execute(_pick().where(featured).order_by(Listing.featured_at.desc()).limit(1)).one_or_none()


def _example_of(listing_id: int) -> sa.Row[Any] | None:
    return db.session.execute(_pick().where(Listing.id == listing_id)).one_or_none()


def _pick() -> sa.Select[Any]:
    columns = (*CARD, Listing.example_input, Listing.example_output, Listing.featured_at)
    return sa.select(*columns).join(Workspace, Workspace.id == Listing.workspace_id)


def creator(handle: str) -> Workspace:
    """The workspace with this handle. Raises NotFound."""
    found = HANDLE.fullmatch(handle) and db.session.scalar(sa.select(Workspace).where(Workspace.handle == handle))
    if not found:
        raise NotFound("Nobody here goes by this name.")
    return found


def works_of(workspace: Workspace, after: str = "") -> Page[sa.Row[Any]]:
    """A page of the workspace's published works, newest listing first. Raises BadRequest for a foreign cursor."""
    query = (
        sa.select(*CARD)
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .where(Listing.workspace_id == workspace.id, Listing.state == "published")
    )
    if after:
        (last,) = paging.decode(after, int)
        query = query.where(Listing.id < last)
    rows = cards(query.order_by(Listing.id.desc()).limit(PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return Page(rows, paging.encode(rows[-1].id) if more else None)
