"""Views of a listing: by day, and all of them. Numbers only; nobody's traces."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model


class ListingDay(Model):
    """How often a listing was looked at on one day (UTC). No row, no view."""

    __tablename__ = "listing_days"
    __table_args__ = (sa.CheckConstraint("views > 0", name="views_positive"),)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int]


class ListingTotal(Model):
    """The sum of a listing's days, written with them, so that a table can be sorted by it.

    Not a column of ``listings``: a write there would outrun every page that is kept for strangers.
    """

    __tablename__ = "listing_totals"
    __table_args__ = (sa.CheckConstraint("views > 0", name="views_positive"),)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    views: Mapped[int]
