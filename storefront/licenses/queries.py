"""Reading licenses; each read names its reader."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.licenses.models import LIVE, License


def live_license(person: Person, listing_id: int) -> License | None:
    """The license that makes a listing theirs, if they hold one."""
    query = sa.select(License).where(
        License.person_id == person.id, License.listing_id == listing_id, License.status.in_(LIVE)
    )
    return db.session.scalar(query)


def owned_among(person: Person, listing_ids: Sequence[int]) -> set[int]:
    """Which of these listings ``person`` holds a live license for."""
    query = sa.select(License.listing_id).where(
        License.person_id == person.id, License.listing_id.in_(listing_ids), License.status.in_(LIVE)
    )
    return set(db.session.scalars(query))


def license_for(person: Person, public_id: str) -> License:
    """A license of theirs with listing, its workspace and version. Raises NotFound for anybody else's."""
    query = (
        sa.select(License)
        .where(License.public_id == public_id, License.person_id == person.id)
        .options(
            joinedload(License.listing).joinedload(Listing.workspace),
            joinedload(License.version),
            joinedload(License.person),
        )
    )
    license = db.session.scalar(query)
    if license is None:
        raise NotFound
    return license
