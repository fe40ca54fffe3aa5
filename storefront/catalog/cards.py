"""What a card shows, as plain rows: a catalog page loads no entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_login import current_user

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.slices import ask

CARD: tuple[Any, ...] = (
    Listing.id,
    Listing.slug,
    Listing.title,
    Listing.tagline,
    Listing.kind,
    Listing.price,
    Listing.currency,
    Listing.all_access,
    Listing.cover,
    Listing.published_at,
    Workspace.name.label("creator_name"),
    Workspace.handle.label("creator_handle"),
)


def cards_of(page: sa.Subquery, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The cards of the listings in ``page`` (a subquery with ``listing_id``), with ``more`` columns."""
    rows = sa.select(*CARD, *more).select_from(page).join(Listing, Listing.id == page.c.listing_id)
    return rows.join(Workspace, Workspace.id == Listing.workspace_id)


def cards(query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    return db.session.execute(query).all()


def owned_among(rows: Sequence[Any]) -> set[int]:
    """Which of these listings are the looking person's already; nothing is asked for a stranger."""
    if not rows or not current_user.is_authenticated:
        return set()
    return set().union(*ask("listings.owned", current_user, [row.id for row in rows]))


def cover_url(listing: Any, width: int) -> str:
    """Where the cover of a listing or card lies, ``width`` px wide (320, 640 or 1280)."""
    return f"/covers/{listing.cover}-{width}.webp"
