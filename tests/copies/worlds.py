"""Members of All-Access and what they paid, as Stripe would have told it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.copies.models import Copy, PoolInvoice
from storefront.copies.months import month_of
from storefront.copies.returns import begin
from storefront.copies.services import tally
from storefront.events.services import record
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


def pay(subscription: Subscription, start: datetime = LAW, **more: int) -> SubscriptionInvoice:
    """A paid invoice of 30 days from ``start``, of 1000 unless ``amount`` says otherwise."""
    with step():
        db.session.add(invoice := invoice_of(subscription, start, **more))
    return invoice


def invoice_of(subscription: Subscription, start: datetime, *, amount: int = 1000, tax: int = 0) -> SubscriptionInvoice:
    return SubscriptionInvoice(
        stripe_id=public_id("in"), subscription_id=subscription.id, person_id=subscription.person_id, family="pass",
        product="all_access", status="paid", amount=amount, tax=tax, currency="USD", period_start=start,
        period_end=start + timedelta(days=30), paid_at=start, read_at=start,
    )  # fmt: skip


def log(invoice: SubscriptionInvoice, listing: Listing, at: datetime, amount: int = 7) -> Copy:
    """A counted copy at whatever moment, with what is written beside it."""
    copy = Copy(
        public_id=public_id("cpy"), person_id=invoice.person_id, listing_id=listing.id, version_id=listing.version_id,
        workspace_id=listing.workspace_id, month=month_of(at), reason="", invoice_id=invoice.id, amount=amount,
        currency="USD", at=at,
    )  # fmt: skip
    db.session.add(copy)
    tally(copy)
    begin(invoice)
    credited = sa.update(PoolInvoice).where(PoolInvoice.invoice_id == invoice.id)
    db.session.execute(credited.values(used=PoolInvoice.used + 1, credited=PoolInvoice.credited + amount))
    return copy


def give_back(invoice: SubscriptionInvoice, returned: int) -> None:
    """Of what was paid, so much went back in all."""
    with step():
        found = db.session.get_one(SubscriptionInvoice, invoice.id)
        found.returned = returned
        record("subscription.invoice_returned", found)
