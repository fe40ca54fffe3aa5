"""Payouts: one row for each sum that goes to a creator, or that a run left where it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model, one_of
from storefront.kit.money import Money

STATES = ("intended", "waiting", "sent", "refused", "reversed", "skipped")
UNDER_WAY = ("intended", "waiting")
REASONS = ("below_minimum", "no_account", "restricted")
WITHDRAWAL = "withdrawal"
BY_HAND = "by hand"
# Stripe's words, in the order in which they follow: https://docs.stripe.com/api/payouts/object#payout_object-status
BANK_STATES = ("pending", "in_transit", "paid", "canceled", "failed")
UNDER_WAY_SQL = sa.text("state IN ('intended', 'waiting')")
OF_A_RUN_SQL = sa.text("run NOT IN ('withdrawal', 'by hand')")
BY_HAND_SQL = sa.text("run = 'by hand'")


class Payout(Model):
    """Money on its way to a workspace's account at Stripe, in minor units of ``currency``.

    ``run`` is a month such as ``2026-11``, ``withdrawal`` if its owner asked for it, or ``by hand`` if an operator paid
    it without Stripe; then ``reference`` is how to find it in the bank's statement. ``destination`` is the account
    as it was then: a call that is made again must say the same. ``attempt`` counts the calls to Stripe that need a key
    of their own; who makes one holds the row until ``claimed_until``. From ``due_at`` on a sweep tries by itself.
    ``returned`` is how much came back. A skipped one says ``reason``; a refused one Stripe's sentence, ``failure``.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        one_of("state", STATES),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("returned >= 0 AND returned <= amount", name="returned_within_amount"),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'reversed') OR transfer_id IS NOT NULL OR run = 'by hand'", name="sent_has_transfer"
        ),
        sa.CheckConstraint("(run = 'by hand') = (reference <> '')", name="by_hand_has_reference"),
        sa.CheckConstraint("state <> 'reversed' OR returned = amount", name="reversed_is_whole"),
        sa.CheckConstraint("(state = 'skipped') = (reason <> '')", name="skipped_has_reason"),
        sa.CheckConstraint("state = 'skipped' OR run = 'by hand' OR destination IS NOT NULL", name="goes_somewhere"),
        sa.Index(
            "uq_payouts_run", "workspace_id", "run", "currency", unique=True,
            postgresql_where=OF_A_RUN_SQL, sqlite_where=OF_A_RUN_SQL,
        ),
        sa.Index(
            "uq_payouts_under_way", "workspace_id", unique=True,
            postgresql_where=UNDER_WAY_SQL, sqlite_where=UNDER_WAY_SQL,
        ),
        sa.Index(
            "uq_payouts_by_hand", "workspace_id", "reference", unique=True,
            postgresql_where=BY_HAND_SQL, sqlite_where=BY_HAND_SQL,
        ),
        sa.Index("ix_payouts_workspace", "workspace_id", "id"),
        sa.Index("ix_payouts_state", "state", "id"),
        sa.Index("ix_payouts_due", "due_at", postgresql_where=UNDER_WAY_SQL, sqlite_where=UNDER_WAY_SQL),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    run: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10))
    amount: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    destination: Mapped[str | None] = mapped_column(sa.String(80))
    attempt: Mapped[int] = mapped_column(default=1)
    transfer_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    reference: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    intended_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_by_hand(self) -> bool:
        """Whether an operator paid it without Stripe."""
        return self.run == BY_HAND

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class BankPayout(Model):
    """What Stripe sends from a creator's account to their bank. It is theirs; the shop only shows what it was told."""

    __tablename__ = "bank_payouts"
    __table_args__ = (
        one_of("state", BANK_STATES),
        sa.Index("ix_bank_payouts_account", "stripe_account", "arrives_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    stripe_account: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[str] = mapped_column(sa.String(12))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    arrives_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
