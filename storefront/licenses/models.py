"""Licenses: one live one per person and listing, held by a partial unique index."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.catalog.models import CLONE_MODES, TERMS, Listing
from storefront.kit import clock
from storefront.kit.db import Model, one_of
from storefront.kit.errors import Forbidden
from storefront.works.models import Version

STATUSES = ("completed", "free", "disputed", "refunded", "revoked")
LIVE = ("completed", "free", "disputed")
LIVE_SQL = sa.text("status IN ('completed', 'free', 'disputed')")


class LicenseEnded(Forbidden):
    title = "This license has ended."
    message = "Copies you made stay readable. To make new ones, get the work again."


class LicenseFrozen(Forbidden):
    title = "This license is frozen."
    message = "Its payment is disputed with the bank. It works again once that is settled in the shop's favor."


class License(Model):
    """A person's right to a listing's work, with the terms as they stood on the day it was got."""

    __tablename__ = "licenses"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("terms", TERMS),
        one_of("clone_mode", CLONE_MODES),
        sa.CheckConstraint("amount >= 0 AND fee >= 0 AND share >= 0", name="amounts_positive"),
        sa.CheckConstraint("fee + share = amount", name="shares_add_up"),
        sa.CheckConstraint("status <> 'free' OR amount = 0", name="free_costs_nothing"),
        sa.Index(
            "uq_licenses_live", "person_id", "listing_id", unique=True,
            postgresql_where=LIVE_SQL, sqlite_where=LIVE_SQL,
        ),
        sa.Index("ix_licenses_person", "person_id", "id"),
        sa.Index("ix_licenses_listing", "listing_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"))
    status: Mapped[str] = mapped_column(sa.String(10))
    terms: Mapped[str] = mapped_column(sa.String(10))
    terms_text: Mapped[str] = mapped_column(sa.Text)
    clone_mode: Mapped[str] = mapped_column(sa.String(20))
    amount: Mapped[int]
    fee: Mapped[int]
    share: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    payment_intent: Mapped[str | None] = mapped_column(sa.String(80))
    granted_at: Mapped[datetime]
    refundable_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    listing: Mapped[Listing] = relationship(lazy="raise")
    version: Mapped[Version] = relationship(lazy="raise")

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_refundable(self) -> bool:
        return self.status == "completed" and self.refundable_until is not None and clock.now() < self.refundable_until

    def use(self) -> None:
        """Raises LicenseEnded or LicenseFrozen unless new copies may be made under it."""
        if self.status == "disputed":
            raise LicenseFrozen
        if not self.is_live:
            raise LicenseEnded

    def freeze(self) -> None:
        """While the bank decides about its payment."""
        if self.status == "completed":
            self.status = "disputed"

    def reinstate(self) -> None:
        """What was taken or frozen is theirs again."""
        if self.status in ("refunded", "revoked", "disputed"):
            self.status = "completed"
            self.ended_at = None

    def end(self, status: str) -> None:
        """Refunded or revoked. Ending twice keeps the first reason."""
        if status not in ("refunded", "revoked"):
            raise ValueError(f"a license does not end as {status!r}")
        if self.is_live:
            self.status = status
            self.ended_at = clock.now()
