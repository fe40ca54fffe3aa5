"""Refunds: one row for each time that money of an order goes back, or was asked to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.checkout.models import Order
from storefront.kit.db import Model, one_of
from storefront.kit.money import Money

ORIGINS = ("buyer", "creator", "operator", "stripe")
STATES = ("waiting", "declined", "sending", "pending", "succeeded", "failed")
UNDER_WAY = ("waiting", "sending", "pending")
GOING_BACK = ("sending", "pending", "succeeded")  # what counts against what was paid
UNDER_WAY_SQL = sa.text("state IN ('waiting', 'sending', 'pending')")


class Refund(Model):
    """Money of an order on its way back, in minor units of ``currency``.

    ``amount`` is made of the parts of the order that it takes back: the platform's ``fee``, the creator's ``share``
    and ``tax``. ``origin`` says who began it; ``stripe`` is for one made in Stripe's own dashboard. ``attempt`` counts
    the calls to Stripe that need a key of their own. ``reason`` is the asker's, ``answer`` that of who decided.
    A failed one is ``resolved_at`` the moment at which somebody saw to it.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("origin", ORIGINS),
        one_of("state", STATES),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("fee >= 0 AND share >= 0 AND tax >= 0", name="parts_positive"),
        sa.CheckConstraint("fee + share + tax = amount", name="parts_add_up"),
        sa.CheckConstraint("state NOT IN ('pending', 'succeeded') OR stripe_id IS NOT NULL", name="sent_has_stripe_id"),
        sa.CheckConstraint("state <> 'declined' OR decided_at IS NOT NULL", name="declined_has_moment"),
        sa.Index(
            "uq_refunds_under_way", "order_id", unique=True,
            postgresql_where=UNDER_WAY_SQL, sqlite_where=UNDER_WAY_SQL,
        ),
        sa.Index("ix_refunds_order", "order_id", "id"),
        sa.Index("ix_refunds_state", "state", "id"),
        sa.Index("ix_refunds_workspace", "workspace_id", "id"),
        sa.Index("ix_refunds_asked_by", "asked_by_id", "asked_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    origin: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10))
    amount: Mapped[int]
    fee: Mapped[int]
    share: Mapped[int]
    tax: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    reason: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    stripe_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_by_id])

    @property
    def parts(self) -> dict[str, Money]:
        """Its fee, share and tax, as the ledger books them."""
        return {name: Money(getattr(self, name), self.currency) for name in ("fee", "share", "tax")}

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the order is left once it has arrived. ``order`` must be loaded."""
        return self.order.returned == self.order.amount
