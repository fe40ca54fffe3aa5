"""Finding listings, and reading one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.works.models import Work

LONGEST_NUMBER = 18  # digits that both engines' integers hold


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


def slug_of(name: str) -> str:
    """The slug of the listing that a program names: by its number, or by the slug itself. Raises NotFound."""
    if not name.isascii() or not name.isdecimal():
        return name
    number = int(name) if len(name) < LONGEST_NUMBER else 0
    slug = db.session.scalar(sa.select(Listing.slug).where(Listing.id == number))
    if slug is None:
        raise NotFound
    return slug


def listing_needs(work: Work) -> str | None:
    """Why a work that is listed can't be deleted: its listing shows it. None if it has none."""
    title = db.session.scalar(sa.select(Listing.title).where(Listing.work_id == work.id).limit(1))
    return f"The listing “{title}” shows it. A work stays as long as a listing does." if title else None
