"""Reads of subscriptions, each for the person they belong to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.kit.db import db
from storefront.subscriptions.models import LIVE, Subscription, SubscriptionInvoice
from storefront.subscriptions.products import Family


def live(person: Person, family: Family) -> Subscription | None:
    """The person's live subscription; whether it serves just now is its own question."""
    query = sa.select(Subscription).where(
        Subscription.person_id == person.id, Subscription.family == family, Subscription.status.in_(LIVE)
    )
    return db.session.scalars(query).one_or_none()


def paid_invoice(subscription: Subscription, at: datetime) -> SubscriptionInvoice | None:
    """The paid invoice whose period contains ``at``; the latest, if a change of plan made several.

    One without money (a trial, a coupon for everything) is none, and neither is one whose money went back.
    """
    query = (
        sa.select(SubscriptionInvoice)
        .where(
            SubscriptionInvoice.subscription_id == subscription.id,
            SubscriptionInvoice.status == "paid",
            SubscriptionInvoice.amount > 0,
            SubscriptionInvoice.period_start <= at,
            at < SubscriptionInvoice.period_end,
        )
        .order_by(SubscriptionInvoice.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()
