"""How often listings were copied, brought over to the listings themselves, whose pages everybody shares."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.copies.models import CopyTally
from storefront.copies.months import month_of
from storefront.kit import clock
from storefront.kit.db import db, step

LATELY = timedelta(days=31)  # what was copied before that was counted by then


def count() -> None:
    """Write the counts that have changed. Not with each copy, for that would renew every page kept for strangers."""
    lately = sa.select(CopyTally.listing_id).where(CopyTally.month >= month_of(clock.now() - LATELY))
    copied = (
        sa.select(CopyTally.listing_id, sa.func.sum(CopyTally.copies).label("copies"))
        .where(CopyTally.listing_id.in_(lately))
        .group_by(CopyTally.listing_id)
        .subquery()
    )
    counted = sa.update(Listing).where(Listing.id == copied.c.listing_id, Listing.copies != copied.c.copies)
    with step():
        db.session.execute(counted.values(copies=copied.c.copies), execution_options={"synchronize_session": False})
