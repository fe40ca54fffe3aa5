"""Disputes: one row for each that Stripe tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import Model, one_of
from storefront.kit.money import Money

# As Stripe calls them, in the order in which they may follow each other: an inquiry may become a dispute, not the other
# way round. Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
INQUIRY = ("warning_needs_response", "warning_under_review", "warning_closed")
STATES = (*INQUIRY, "needs_response", "under_review", "prevented", "won", "lost")
TO_ANSWER = ("warning_needs_response", "needs_response")
OPEN = ("warning_needs_response", "warning_under_review", "needs_response", "under_review")
OPEN_SQL = sa.text("state IN ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review')")


class Dispute(Model):
    """A payment that a bank asks about, or asks back. Amounts in minor units of ``currency``.

    ``amount`` is what is disputed, made of the parts of the order that were left when it was: the platform's ``fee``,
    the creator's ``share`` and ``tax``. ``evidence`` holds what an operator wrote, by Stripe's names.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        one_of("state", STATES),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("fee >= 0 AND share >= 0 AND tax >= 0", name="parts_positive"),
        sa.CheckConstraint("fee + share + tax = amount", name="parts_add_up"),
        sa.Index("ix_disputes_order", "order_id"),
        sa.Index("ix_disputes_open", "due_by", postgresql_where=OPEN_SQL, sqlite_where=OPEN_SQL),
        sa.Index("ix_disputes_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"))
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    state: Mapped[str] = mapped_column(sa.String(24))
    reason: Mapped[str] = mapped_column(sa.String(40))
    amount: Mapped[int]
    fee: Mapped[int]
    share: Mapped[int]
    tax: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    evidence: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    due_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    checked_at: Mapped[datetime]

    order: Mapped[Order] = relationship(lazy="raise")

    @property
    def is_inquiry(self) -> bool:
        """Whether the bank only asks, and has taken nothing."""
        return self.state in INQUIRY

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def wants_answer(self) -> bool:
        """Whether evidence can still be handed in; that is done once."""
        return self.state in TO_ANSWER and (self.due_by is None or clock.now() < self.due_by)

    @property
    def parts(self) -> dict[str, Money]:
        """Its fee, share and tax, as the ledger books them."""
        return {name: Money(getattr(self, name), self.currency) for name in ("fee", "share", "tax")}

    def may_become(self, state: str) -> bool:
        """Whether ``state`` is further on than what we know: older news never undoes newer."""
        return STATES.index(state) > STATES.index(self.state) and self.state not in ("won", "lost")
