"""Writing down how subscriptions stand, as Stripe told when asked. What was asked earlier never overwrites it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.services import settle_plan
from storefront.config import current as settings
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.ids import public_id
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.payments.gateway.subscriptions import Sold, StripeInvoice, StripeSubscription
from storefront.payments.webhooks import Parked
from storefront.subscriptions import letters, queries
from storefront.subscriptions.models import (
    LIVE,
    BillingCustomer,
    Subscription,
    SubscriptionCheckout,
    SubscriptionInvoice,
)
from storefront.subscriptions.products import ALL_ACCESS, PRODUCTS, Family

PREFIX = "storefront_"  # our products at Stripe have ids of our own


class SecondSubscription(Exception):
    """Stripe has a live subscription beside the one that the person has. It is to end, and its money to go back."""


def follow(
    said: StripeSubscription, invoices: Sequence[StripeInvoice], *, asked_at: datetime, then: Sold | None = None
) -> Subscription:
    """Take over how a subscription and its invoices stand. Raises Parked if they aren't ours, SecondSubscription.

    ``then`` is what is sold from the period's end on, if it is something else.
    """
    customer = _lock_customer(said.customer)
    person = db.session.get_one(Person, customer.person_id, populate_existing=True)
    product = product_named(said.product)
    query = sa.select(Subscription).where(Subscription.stripe_id == said.id)
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is not None and found.read_at > asked_at:
        return found
    other = queries.live(person, family_of(product)) if said.status in LIVE else None
    if other is not None and (found is None or other.id != found.id):
        raise SecondSubscription
    before = _facts(found) if found else None
    subscription = found or Subscription(public_id=public_id("sbn"), stripe_id=said.id, person_id=person.id)
    _tell(subscription, said, product, invoices, asked_at=asked_at, then=then)
    if found is None:
        db.session.add(subscription)
    db.session.flush()
    for invoice in sorted(invoices, key=lambda each: each.created_at):
        if invoice.status != "draft":
            _follow_invoice(subscription, invoice, asked_at=asked_at)
    _close_checkout(subscription)
    _announce(subscription, person, before)
    person.owes = queries.owing(person) is not None
    settle_plan(person)
    return subscription


def product_named(stripe_product: str) -> str:
    """Our name of a product at Stripe. Raises Parked for one that this shop does not sell."""
    name = stripe_product.removeprefix(PREFIX)
    if not stripe_product.startswith(PREFIX) or name not in PRODUCTS:
        raise Parked("It is about a product that this shop does not sell.")
    return name


def family_of(product: str) -> Family:
    return "pass" if product == ALL_ACCESS else "plan"


def _lock_customer(stripe_customer: str) -> BillingCustomer:
    query = sa.select(BillingCustomer).where(BillingCustomer.stripe_customer == stripe_customer).with_for_update()
    customer = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if customer is None:
        raise Parked("It is about a customer that this shop does not know.")
    return customer


def _tell(
    subscription: Subscription, said: StripeSubscription, product: str, invoices: Sequence[StripeInvoice], *,
    asked_at: datetime, then: Sold | None,
) -> None:  # fmt: skip
    subscription.family, subscription.product, subscription.interval = family_of(product), product, said.interval
    subscription.amount, subscription.currency = said.amount, said.currency
    subscription.status = said.status
    subscription.period_start, subscription.period_end = said.period_start, said.period_end
    subscription.cancel_at, subscription.cancel_reason = said.cancel_at, said.cancel_reason
    subscription.next_product = product_named(then.product) if then else None
    subscription.next_interval = then.interval if then else None
    subscription.past_due_since = _failed_at(invoices) or said.period_start if said.status == "past_due" else None
    subscription.started_at, subscription.ended_at = said.started_at, said.ended_at
    subscription.read_at = asked_at


def _failed_at(invoices: Sequence[StripeInvoice]) -> datetime | None:
    """Since when money is owed: the first invoice that is open. Its first attempt follows its being final at once."""
    return min((each.finalized_at for each in invoices if each.status == "open" and each.finalized_at), default=None)


def _follow_invoice(subscription: Subscription, said: StripeInvoice, *, asked_at: datetime) -> None:
    query = sa.select(SubscriptionInvoice).where(SubscriptionInvoice.stripe_id == said.id).with_for_update()
    invoice = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if invoice is None:
        invoice = SubscriptionInvoice(
            stripe_id=said.id, subscription_id=subscription.id, person_id=subscription.person_id,
            family=subscription.family, product=subscription.product, amount=0, tax=0,
        )  # fmt: skip
        db.session.add(invoice)
    newly_paid = said.status == "paid" and invoice.paid_at is None
    if invoice.paid_at is None:  # what became of its money afterwards is read with its payment
        invoice.status, invoice.paid_at = said.status, said.paid_at
        invoice.due, invoice.amount, invoice.tax, invoice.currency = said.due, said.amount, said.tax, said.currency
    invoice.number, invoice.hosted_url, invoice.payment_intent = said.number, said.hosted_url, said.payment_intent
    invoice.period_start, invoice.period_end = said.period_start, said.period_end
    invoice.read_at = asked_at
    db.session.flush()
    if newly_paid and invoice.amount:
        _book_paid(invoice)
        record("subscription.invoice_paid", invoice, amount=invoice.amount)
        letters.send_paid(subscription, invoice)


def _book_paid(invoice: SubscriptionInvoice) -> None:
    tax = Money(invoice.tax, invoice.currency)
    ledger.book_invoice_paid(
        invoice.stripe_id, invoice.family, net=Money(invoice.amount - invoice.tax, invoice.currency), tax=tax,
        reference=invoice.payment_intent,
    )  # fmt: skip


def _close_checkout(subscription: Subscription) -> None:
    """What they set out to subscribe to, they have."""
    if subscription.status not in LIVE:
        return
    done = sa.update(SubscriptionCheckout).where(
        SubscriptionCheckout.person_id == subscription.person_id,
        SubscriptionCheckout.family == subscription.family,
        SubscriptionCheckout.state == "open",
        SubscriptionCheckout.opened_at <= subscription.started_at,
    )
    db.session.execute(done.values(state="done"))


def _facts(subscription: Subscription) -> dict[str, Any]:
    names = ("status", "product", "interval", "cancel_at", "next_product", "next_interval", "period_end")
    return {name: getattr(subscription, name) for name in names}


def _announce(subscription: Subscription, person: Person, before: dict[str, Any] | None) -> None:
    """Say what changed, to the other slices and to the person."""
    kind = _kind_of_change(subscription, before)
    if kind is None:
        return
    record(kind, subscription, by=None, product=subscription.product, status=subscription.status)
    letters.send_news(kind, subscription, person, before or {})


def _kind_of_change(subscription: Subscription, before: dict[str, Any] | None) -> str | None:
    now, was = subscription.status, before["status"] if before else ""
    if before is None or was in ("incomplete", "incomplete_expired"):
        return "subscription.started" if now in LIVE else None
    if now not in LIVE:
        return "subscription.ended" if was in LIVE else None
    if now == "past_due" and was != "past_due":
        return "subscription.past_due"
    if now == "active" and was in ("past_due", "unpaid"):
        return "subscription.recovered"
    return "subscription.changed" if _facts(subscription) != before else None


def settle_grace() -> int:
    """Take plans from people whose subscription serves no more by the clock alone; how many."""
    over = clock.now() - settings().grace
    lapsed = sa.or_(
        sa.and_(Subscription.status == "past_due", Subscription.past_due_since <= over),
        Subscription.cancel_at <= clock.now(),
    )
    query = (
        sa.select(Person)
        .join(Subscription, Subscription.person_id == Person.id)
        .where(Subscription.family == "plan", Subscription.status.in_(LIVE), lapsed, Person.plan != Person.granted_plan)
        .limit(queries.AT_A_TIME)
        .with_for_update(of=Person)
    )
    people = db.session.scalars(query).all()
    before = [person.plan for person in people]
    for person in people:
        settle_plan(person)
    return sum(person.plan != plan for person, plan in zip(people, before, strict=True))
