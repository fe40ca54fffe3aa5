"""What a card shows, as plain rows: a catalog page loads no entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from flask_login import current_user

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.slices import ask

LISTINGS, WORKSPACES = cast(sa.Table, Listing.__table__), cast(sa.Table, Workspace.__table__)
SHOWN = (
    "id",
    "slug",
    "title",
    "tagline",
    "kind",
    "price",
    "currency",
    "all_access",
    "cover",
    "cover_picture",
    "published_at",
)
CARD: tuple[Any, ...] = (
    *(LISTINGS.c[name] for name in SHOWN),
    WORKSPACES.c.name.label("creator_name"),
    WORKSPACES.c.handle.label("creator_handle"),
)


def cards_of(page: sa.Subquery, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The cards of the listings in ``page`` (a subquery with ``listing_id``), with ``more`` columns."""
    rows = sa.select(*CARD, *more).select_from(page).join(LISTINGS, LISTINGS.c.id == page.c.listing_id)
    return rows.join(WORKSPACES, WORKSPACES.c.id == LISTINGS.c.workspace_id)


def cards(query: sa.Select[Any], parameters: Mapping[str, Any] | None = None) -> Sequence[sa.Row[Any]]:
    return db.session.execute(query, parameters).all()


def owned_among(rows: Sequence[Any]) -> set[int]:
    """Which of these listings are the looking person's already; nothing is asked for a stranger."""
    if not rows or not current_user.is_authenticated:
        return set()
    return set().union(*ask("listings.owned", current_user, [row.id for row in rows]))


def cover_url(listing: Any, width: int) -> str:
    """Where the cover of a listing or card lies, uploaded or drawn, ``width`` px wide (320, 640 or 1280)."""
    if listing.cover_picture:
        return f"/pictures/{listing.cover_picture}-{width}.webp"
    return f"/covers/{listing.cover}-{width}.webp"
