"""Finding listings, and reading one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import NotFound


def find_offered(slug: str) -> Listing | None:
    """A listing that anybody may get now, with its creator's workspace and its version; None for any other."""
    query = sa.select(Listing).where(Listing.slug == slug, Listing.state == "published")
    return db.session.scalar(query.options(joinedload(Listing.workspace), joinedload(Listing.version)))


def listing_offered(slug: str) -> Listing:
    """A listing that anybody may get now, with its creator's workspace. Raises NotFound for any other."""
    listing = find_offered(slug)
    if listing is None:
        raise NotFound
    return listing
