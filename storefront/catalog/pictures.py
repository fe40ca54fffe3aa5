"""Pictures that creators uploaded for a listing: the one that hangs as its cover, and the gallery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import role_in
from storefront.catalog.models import Listing, ListingPicture
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.slices import ask
from storefront.media.models import Media

COVER = 0  # the place of a cover; those of a gallery begin with 1


@dataclass(frozen=True)
class Hung:
    """A picture by its hash, and what it shows in words."""

    sha256: str
    alt: str = ""


def hang(listing: Listing, cover: str | None, gallery: Sequence[Hung]) -> None:
    """Make these the listing's pictures; without a ``cover`` its drawn one hangs."""
    db.session.execute(sa.delete(ListingPicture).where(ListingPicture.listing_id == listing.id))
    placed = [(COVER, Hung(cover))] if cover else []
    placed += list(enumerate(gallery, 1))
    for place, each in placed:
        db.session.add(ListingPicture(listing_id=listing.id, place=place, sha256=each.sha256, alt=each.alt))
    listing.cover_picture = cover
    db.session.flush()


def gallery_of(listing: Listing) -> Sequence[sa.Row[Media, str]]:
    """The pictures of a gallery in their order, as ``(media, alt)``."""
    query = (
        sa.select(Media, ListingPicture.alt)
        .join(ListingPicture, ListingPicture.sha256 == Media.sha256)
        .where(ListingPicture.listing_id == listing.id, ListingPicture.place > COVER)
        .order_by(ListingPicture.place)
    )
    return db.session.execute(query).all()


def picture_for(person: Person | None, sha256: str) -> tuple[Media, bool]:
    """A picture of a listing, and whether everybody may see it: then one that hangs in the catalog shows it.

    Who is in its workspace or holds a license for it sees it anyway. Raises NotFound for everybody else.
    """
    query = (
        sa.select(Media, Listing.id, Listing.workspace_id, Listing.state)
        .join(ListingPicture, ListingPicture.sha256 == Media.sha256)
        .join(Listing, Listing.id == ListingPicture.listing_id)
        .where(Media.sha256 == sha256)
        .limit(100)
    )
    rows = db.session.execute(query.order_by(Listing.state != "published", Listing.id)).all()
    if not rows:
        raise NotFound
    is_public = rows[0].state == "published"
    if not is_public and not _is_theirs(person, rows):
        raise NotFound
    return rows[0].Media, is_public


def _is_theirs(person: Person | None, rows: Sequence[sa.Row[Media, int, int, str]]) -> bool:
    if person is None:
        return False
    owned = set[int]().union(*ask("listings.owned", person, [row.id for row in rows]))
    return bool(owned) or any(role_in(person, row.workspace_id) for row in rows)
