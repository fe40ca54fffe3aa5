"""Finding listings, and reading one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import NotFound


def find_offered(slug: str) -> Listing | None:
    """A published listing, with its creator's workspace, whose owner is loaded, and its version; None for any other."""
    query = sa.select(Listing).where(Listing.slug == slug, Listing.state == "published")
    creator = joinedload(Listing.workspace).joinedload(Workspace.owner)
    return db.session.scalar(query.options(creator, joinedload(Listing.version)))


def listing_offered(slug: str) -> Listing:
    """A published listing, as ``find_offered`` reads it. Raises NotFound for any other."""
    listing = find_offered(slug)
    if listing is None:
        raise NotFound
    return listing
