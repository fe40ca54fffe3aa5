"""Subscriptions and what was paid for them, as Stripe tells it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.kit.db import Model, one_of
from storefront.kit.money import Money
from storefront.subscriptions.products import FAMILIES, INTERVALS, PRODUCTS

# Stripe's words: https://docs.stripe.com/api/subscriptions/object#subscription_object-status
STATUSES = (
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "unpaid", "paused", "canceled",
)  # fmt: skip
LIVE = ("trialing", "active", "past_due", "unpaid", "paused")
LIVE_SQL = sa.text("status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused')")
CHECKOUT_STATES = ("open", "done", "expired")
OPEN_SQL = sa.text("state = 'open'")
CREDIT_STATES = ("asked", "given", "refused")
INVOICE_STATUSES = ("open", "paid", "refunded", "disputed", "lost", "uncollectible", "void")


class BillingCustomer(Model):
    """Who a person is at Stripe. ``ended_at`` is when Stripe said that it knows them no more."""

    __tablename__ = "billing_customers"
    __table_args__ = (
        sa.Index(
            "uq_billing_customers_live", "person_id", unique=True,
            postgresql_where=sa.text("ended_at IS NULL"), sqlite_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    stripe_customer: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SubscriptionCheckout(Model):
    """One intent to subscribe, written before Stripe is asked for its page. ``attempt`` counts those pages."""

    __tablename__ = "subscription_checkouts"
    __table_args__ = (
        one_of("family", FAMILIES),
        one_of("product", PRODUCTS),
        one_of("interval", INTERVALS),
        one_of("state", CHECKOUT_STATES),
        sa.Index(
            "uq_subscription_checkouts_open", "person_id", "family", unique=True,
            postgresql_where=OPEN_SQL, sqlite_where=OPEN_SQL,
        ),
        sa.Index("ix_subscription_checkouts_state", "state", "opened_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    family: Mapped[str] = mapped_column(sa.String(10))
    product: Mapped[str] = mapped_column(sa.String(20))
    interval: Mapped[str] = mapped_column(sa.String(10))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    attempt: Mapped[int] = mapped_column(default=1)
    session_id: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    session_url: Mapped[str | None] = mapped_column(sa.Text)
    session_expires_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class Subscription(Model):
    """A subscription as Stripe last described it.

    ``period_start`` and ``period_end`` are those of its item. ``cancel_at`` is when it ends, if that is settled.
    ``past_due_since`` begins the days of grace. ``next_product`` and ``next_interval`` take over at the period's end.
    ``read_at`` is when Stripe was asked; what it said before never overwrites that.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        one_of("family", FAMILIES),
        one_of("product", PRODUCTS),
        one_of("interval", INTERVALS),
        one_of("status", STATUSES),
        sa.CheckConstraint("period_start < period_end", name="period_forward"),
        sa.CheckConstraint("status <> 'canceled' OR ended_at IS NOT NULL", name="canceled_has_moment"),
        sa.CheckConstraint("(status = 'past_due') = (past_due_since IS NOT NULL)", name="past_due_has_moment"),
        sa.Index(
            "uq_subscriptions_live", "person_id", "family", unique=True,
            postgresql_where=LIVE_SQL, sqlite_where=LIVE_SQL,
        ),
        sa.Index("ix_subscriptions_person", "person_id", "id"),
        sa.Index("ix_subscriptions_status", "status", "period_end"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    family: Mapped[str] = mapped_column(sa.String(10))
    product: Mapped[str] = mapped_column(sa.String(20))
    interval: Mapped[str] = mapped_column(sa.String(10))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    status: Mapped[str] = mapped_column(sa.String(20))
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    cancel_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.Text, default="")
    next_product: Mapped[str | None] = mapped_column(sa.String(20))
    next_interval: Mapped[str | None] = mapped_column(sa.String(10))
    past_due_since: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    read_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    def serves(self, moment: datetime, *, grace: timedelta) -> bool:
        """Whether what it pays for may be used at ``moment``: paid, on trial, or within the days of grace."""
        if self.status in ("trialing", "active"):
            return self.cancel_at is None or moment < self.cancel_at
        return self.past_due_since is not None and moment < self.past_due_since + grace


class SubscriptionInvoice(Model):
    """An invoice of a subscription. ``amount`` of what was ``due`` was paid with money, ``tax`` among it, in minor
    units of ``currency``; ``returned`` is how much of it went back or was lost, ``bank_fee`` what banks took for that,
    and ``changes`` how often either changed. A period is ``[period_start, period_end)``. ``money_read_at`` is when
    Stripe was asked what became of its money; what it said before never overwrites that."""

    __tablename__ = "subscription_invoices"
    __table_args__ = (
        one_of("family", FAMILIES),
        one_of("product", PRODUCTS),
        one_of("status", INVOICE_STATUSES),
        sa.CheckConstraint("tax >= 0 AND tax <= amount", name="tax_within_amount"),
        sa.CheckConstraint("returned >= 0 AND returned <= amount", name="returned_within_amount"),
        sa.CheckConstraint("status <> 'paid' OR paid_at IS NOT NULL", name="paid_has_moment"),
        sa.CheckConstraint("period_start <= period_end", name="period_forward"),
        sa.Index("ix_subscription_invoices_subscription", "subscription_id", "period_start"),
        sa.Index("ix_subscription_invoices_person", "person_id", "id"),
        sa.Index("ix_subscription_invoices_payment", "payment_intent"),
        sa.Index("ix_subscription_invoices_paid", "paid_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("subscriptions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    family: Mapped[str] = mapped_column(sa.String(10))
    product: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(80), default="")
    status: Mapped[str] = mapped_column(sa.String(20))
    due: Mapped[int] = mapped_column(default=0, server_default="0")
    amount: Mapped[int]
    tax: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0, server_default="0")
    bank_fee: Mapped[int] = mapped_column(default=0, server_default="0")
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    currency: Mapped[str] = mapped_column(sa.String(3))
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    payment_intent: Mapped[str | None] = mapped_column(sa.String(80))
    stripe_fee: Mapped[int | None]
    hosted_url: Mapped[str | None] = mapped_column(sa.Text)
    paid_at: Mapped[datetime | None]
    read_at: Mapped[datetime]
    money_read_at: Mapped[datetime | None]

    subscription: Mapped[Subscription] = relationship(lazy="raise")

    @hybrid_property
    def tax_returned(self) -> int:
        """Of what went back, the tax, which goes back in proportion."""
        return self.tax * self.returned // self.amount if self.amount else 0

    @tax_returned.inplace.expression
    @classmethod
    def _tax_returned(cls) -> sa.ColumnElement[int]:
        return sa.case((cls.amount > 0, cls.tax * cls.returned // cls.amount), else_=0)

    @hybrid_property
    def net_amount(self) -> int:
        """What the shop has of it, after tax and what went back."""
        return self.amount - self.tax - self.returned + self.tax_returned

    @property
    def net(self) -> Money:
        return Money(self.net_amount, self.currency)

    @property
    def parts_returned(self) -> tuple[Money, Money]:
        """Of what went back, the shop's part and the tax."""
        return Money(self.returned - self.tax_returned, self.currency), Money(self.tax_returned, self.currency)


class PlanCredit(Model):
    """What a creator took from their earnings to pay for their plan: Stripe's next invoices ask for less.

    Written and booked before Stripe is ``asked``; ``given`` once it answered, ``refused`` and booked back if it said
    no.
    """

    __tablename__ = "plan_credits"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        one_of("state", CREDIT_STATES),
        sa.CheckConstraint("state <> 'given' OR stripe_id IS NOT NULL", name="given_has_entry"),
        sa.Index("ix_plan_credits_person", "person_id", "id"),
        sa.Index("ix_plan_credits_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    stripe_customer: Mapped[str] = mapped_column(sa.String(80))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    stripe_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    asked_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
