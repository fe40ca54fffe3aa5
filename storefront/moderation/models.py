"""What people report about listings, and what operators decide."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import Model, one_of
from storefront.kit.triggers import append_only

REASONS = ("spam", "inappropriate", "copyright", "misleading", "other")
STATES = ("open", "dismissed", "upheld")
VERDICTS = ("dismissed", "upheld", "restored")
LONGEST_DETAILS = 2000
LONGEST_ADDRESS = 300


class Report(Model):
    """What one person says is wrong with one listing; saying it again amends it.

    A copyright report is sworn: at ``sworn_at`` its author declared both statements, and left name, address and e-mail.
    ``decided_at`` is when an operator decided last. It stays when an amended report is open again: that one waits for
    an operator, but suspends nothing by itself any more.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "listing_id"),
        one_of("reason", REASONS),
        one_of("state", STATES),
        sa.CheckConstraint(f"length(details) <= {LONGEST_DETAILS}", name="details_short"),
        sa.CheckConstraint("(reason = 'copyright') = (sworn_at IS NOT NULL)", name="copyright_sworn"),
        sa.CheckConstraint(
            "reason <> 'copyright' OR "
            "(claimed_work <> '' AND contact_name <> '' AND contact_address <> '' AND contact_email <> '')",
            name="copyright_complete",
        ),
        sa.CheckConstraint("state = 'open' OR decided_at IS NOT NULL", name="decided_has_moment"),
        sa.Index("ix_reports_listing", "listing_id", "state"),
        sa.Index("ix_reports_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(sa.String(15))
    details: Mapped[str] = mapped_column(sa.Text, default="")
    claimed_work: Mapped[str] = mapped_column(sa.Text, default="")
    contact_name: Mapped[str] = mapped_column(sa.String(80), default="")
    contact_address: Mapped[str] = mapped_column(sa.String(LONGEST_ADDRESS), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(255), default="")
    sworn_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    filed_at: Mapped[datetime]
    amended_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    listing: Mapped[Listing] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def counts(self) -> bool:
        """Whether the rules count it: it is open, and no operator has decided about it before."""
        return self.state == "open" and self.decided_at is None


class Decision(Model):
    """What an operator decided about a report, or about putting a listing back, and why. Never changed."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("verdict", VERDICTS),
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.CheckConstraint("verdict = 'restored' OR report_id IS NOT NULL", name="report_named"),
        sa.Index("ix_decisions_listing", "listing_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id"))
    operator_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    verdict: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]


append_only(Decision.__table__)
