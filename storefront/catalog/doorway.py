"""What the catalog says at the door: where a listing's address leads, and what hangs on the wall there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from storefront.catalog.cards import cards, cards_of
from storefront.catalog.models import Listing
from storefront.catalog.wall import most_wanted

LISTING = re.compile(r"/listings/([a-z0-9][a-z0-9-]{0,99})(?:/get)?")


def title_at(path: str) -> str | None:
    """The title of the published listing whose page, or whose **Get**, is at ``path``."""
    card = _card_at(path)
    return card.title if card else None


def work_for_the_wall(path: str) -> sa.Row[Any] | None:
    """The card of the listing at ``path``, else of the work that trends most."""
    return _card_at(path) or most_wanted()


def _card_at(path: str) -> sa.Row[Any] | None:
    found = LISTING.fullmatch(urlsplit(path).path)
    if not found:
        return None
    offered = sa.select(Listing.id.label("listing_id")).where(Listing.slug == found[1], Listing.state == "published")
    return next(iter(cards(cards_of(offered.subquery()))), None)
