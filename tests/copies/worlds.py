"""Members of All-Access and what they paid, as Stripe would have told it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storefront.accounts.models import Person
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.ids import public_id
from storefront.subscriptions.models import Subscription, SubscriptionInvoice

LAW = datetime(2027, 3, 20, 12, tzinfo=UTC)  # a pass begun on the 20th


def set_clock(moment: datetime) -> None:
    clock.move(moment - datetime.now(UTC) + timedelta(seconds=1))


def subscribe(person: Person, start: datetime = LAW, **more: Any) -> Subscription:
    """A live pass of 30 days from ``start``, not paid for yet."""
    values: dict[str, Any] = {
        "public_id": public_id("sbn"), "stripe_id": public_id("sub"), "person_id": person.id, "family": "pass",
        "product": "all_access", "interval": "month", "amount": 1000, "currency": "USD", "status": "active",
        "period_start": start, "period_end": start + timedelta(days=30), "started_at": start, "read_at": start,
    }  # fmt: skip
    with step():
        db.session.add(subscription := Subscription(**{**values, **more}))
    return subscription


def pay(subscription: Subscription, start: datetime = LAW, *, amount: int = 1000, tax: int = 0) -> SubscriptionInvoice:
    """A paid invoice of 30 days from ``start``."""
    with step():
        invoice = SubscriptionInvoice(
            stripe_id=public_id("in"), subscription_id=subscription.id, person_id=subscription.person_id,
            family="pass", product="all_access", status="paid", amount=amount, tax=tax, currency="USD",
            period_start=start, period_end=start + timedelta(days=30), paid_at=start, read_at=start,
        )  # fmt: skip
        db.session.add(invoice)
    return invoice
