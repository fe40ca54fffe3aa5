"""The log of copies, the meters beside it, and what each paid invoice was given to. Months are ``2026-11``, in UTC."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.catalog.models import Listing
from storefront.kit.db import Model, one_of
from storefront.kit.triggers import append_only
from storefront.works.models import Version

COUNTED = ""
OWN_WORK, NO_INVOICE, SPENT, OVERFLOW = "own_work", "no_invoice", "spent", "overflow"
REASONS = (COUNTED, OWN_WORK, NO_INVOICE, SPENT, OVERFLOW)
COUNTED_HAS_AMOUNT = (
    "CASE WHEN reason IN ('own_work', 'no_invoice', 'spent', 'overflow') THEN amount = 0 ELSE amount > 0 END"
)


class Copy(Model):
    """A listing's version that a member copied, once a month. ``amount`` is its workspace's credit, in minor units.

    ``reason`` says why it has none: a work of one's own; no paid invoice (a trial, days of grace); an invoice whose
    money is spent; or a copy past the limit, where the shop lets those pass.
    """

    __tablename__ = "copies"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "listing_id", "month"),
        one_of("reason", REASONS),
        sa.CheckConstraint(COUNTED_HAS_AMOUNT, name="counted_has_amount"),
        sa.CheckConstraint("reason <> '' OR invoice_id IS NOT NULL", name="counted_has_invoice"),
        sa.Index("ix_copies_month", "month", "workspace_id", "currency", "amount"),
        sa.Index("ix_copies_invoice", "invoice_id", "month", "workspace_id", "amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"))
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    month: Mapped[str] = mapped_column(sa.String(7))
    reason: Mapped[str] = mapped_column(sa.String(10))
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subscription_invoices.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    at: Mapped[datetime]

    listing: Mapped[Listing] = relationship(lazy="raise")
    version: Mapped[Version] = relationship(lazy="raise")


class CopyMeter(Model):
    """How many copies a person has used of a month. Who copies locks this row first."""

    __tablename__ = "copy_meters"
    __table_args__ = (sa.CheckConstraint("used >= 0", name="used_positive"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    used: Mapped[int]


class CopyTally(Model):
    """How often a workspace's listing was copied in a month, how many of those copies counted, and what they credit.

    Written with every copy, so that no page adds up the log.
    """

    __tablename__ = "copy_tallies"
    __table_args__ = (
        sa.CheckConstraint("counted >= 0 AND counted <= copies AND copies > 0", name="counted_within_copies"),
        sa.CheckConstraint("(counted > 0) = (amount > 0) AND amount >= 0", name="counted_has_amount"),
        sa.Index("ix_copy_tallies_listing", "listing_id", "copies"),
        sa.Index("ix_copy_tallies_month", "month"),
    )

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    copies: Mapped[int]
    counted: Mapped[int]
    amount: Mapped[int]


class PoolInvoice(Model):
    """What a paid invoice has been given to: how many copies it was ``used`` for, what those ``credited``, how much of
    that was ``returned`` with its money, and what the platform ``kept``, all in its ``currency``.

    ``settled_in`` is the month with whose close its remainder went to the platform; from then on
    ``credited - returned + kept`` is what the shop has of it. ``turns`` counts how often what it gave was changed
    because money went back or came again; each turn is a cause of its own in the books.
    """

    __tablename__ = "pool_invoices"
    __table_args__ = (
        sa.CheckConstraint("used >= 0 AND credited >= 0 AND kept >= 0", name="figures_positive"),
        sa.CheckConstraint("returned >= 0 AND returned <= credited", name="returned_within_credited"),
        sa.CheckConstraint("settled_in IS NOT NULL OR kept = 0", name="kept_is_settled"),
    )

    invoice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("subscription_invoices.id"), primary_key=True, autoincrement=False
    )
    used: Mapped[int]
    credited: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    kept: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3), server_default="")
    settled_in: Mapped[str | None] = mapped_column(sa.String(7))
    turns: Mapped[int] = mapped_column(default=0, server_default="0")


class PoolMonth(Model):
    """A month that is closed."""

    __tablename__ = "pool_months"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), unique=True)
    closed_at: Mapped[datetime]


class PoolReturn(Model):
    """How much of what an invoice credited to a workspace, for copies of a closed month, went back with its money.

    What was credited is in the log; there is a row only where something went back, though it may have come again.
    """

    __tablename__ = "pool_returns"
    __table_args__ = (sa.CheckConstraint("amount >= 0", name="amount_positive"),)

    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("subscription_invoices.id"), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    amount: Mapped[int]


class PoolStatement(Model):
    """What a workspace was given for the copies of a closed month, of all invoices; ``returned`` went back since."""

    __tablename__ = "pool_statements"
    __table_args__ = (
        sa.CheckConstraint("copies > 0 AND amount > 0", name="figures_positive"),
        sa.CheckConstraint("returned >= 0 AND returned <= amount", name="returned_within_amount"),
        sa.Index("ix_pool_statements_month", "month", "workspace_id"),
    )

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    copies: Mapped[int]
    amount: Mapped[int]
    returned: Mapped[int]


class PoolRest(Model):
    """What the platform kept of the invoices that were settled with a closed month, less what went back since."""

    __tablename__ = "pool_rests"
    __table_args__ = (sa.CheckConstraint("amount >= 0", name="amount_positive"),)

    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3), primary_key=True)
    amount: Mapped[int]


FLAGS = ("ring", "burst", "newcomers")


class PoolFlag(Model):
    """Something about a month's copies that an operator should look at. It withholds nothing from anybody.

    A ``ring`` is two people who copy each other's works; a ``burst`` a day on which a workspace was copied far more
    than on its others; ``newcomers`` are fresh accounts that copy hardly anything but one workspace's works. ``people``
    is how many copied, ``amount`` what the copies credit. ``key`` tells one from others of its kind and month.
    """

    __tablename__ = "pool_flags"
    __table_args__ = (
        sa.UniqueConstraint("month", "kind", "key"),
        one_of("kind", FLAGS),
        sa.CheckConstraint("copies > 0 AND people > 0 AND amount >= 0", name="figures_positive"),
        sa.CheckConstraint(
            "CASE WHEN kind = 'ring' THEN person_id IS NOT NULL AND other_id IS NOT NULL AND workspace_id IS NULL "
            "ELSE workspace_id IS NOT NULL END",
            name="subject_named",
        ),
        sa.CheckConstraint("(looked_at IS NULL) = (looked_by_id IS NULL)", name="looker_named"),
        sa.Index("ix_pool_flags_looked_at", "looked_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7))
    kind: Mapped[str] = mapped_column(sa.String(10))
    key: Mapped[str] = mapped_column(sa.String(60))
    workspace_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workspaces.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    day: Mapped[str] = mapped_column(sa.String(10))
    people: Mapped[int]
    copies: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    found_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    @property
    def date(self) -> date | None:
        """The day that it is about; none where it is about the whole month."""
        return date.fromisoformat(self.day) if self.day else None


append_only(Copy.__table__)
