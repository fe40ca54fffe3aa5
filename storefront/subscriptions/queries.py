"""Reads of subscriptions, each for the person they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.subscriptions.models import (
    LIVE,
    BillingCustomer,
    PlanCredit,
    Subscription,
    SubscriptionCheckout,
    SubscriptionInvoice,
)
from storefront.subscriptions.products import Family

PATIENCE = timedelta(minutes=5)  # how long a page to subscribe on may be open before Stripe is asked
ASKED_AGAIN = timedelta(hours=1)  # how soon Stripe is asked again about what is due
ASKED_DAILY = timedelta(days=1)
WATCHED = timedelta(days=60)  # how long after a payment Stripe is asked what became of it
AT_A_TIME = 50
PAGE = 25


def live(person: Person, family: Family) -> Subscription | None:
    """The person's live subscription; whether it serves just now is its own question."""
    query = sa.select(Subscription).where(
        Subscription.person_id == person.id, Subscription.family == family, Subscription.status.in_(LIVE)
    )
    return db.session.scalars(query).one_or_none()


def paid_plan(person: Person) -> str | None:
    """The plan that the person's live subscription pays for just now."""
    subscription = live(person, "plan")
    if subscription is None or not subscription.serves(clock.now(), grace=settings().grace):
        return None
    return subscription.product


def owing(person: Person) -> Subscription | None:
    """The live subscription of a person whose payment failed, if one did; that of the plan first."""
    query = sa.select(Subscription).where(
        Subscription.person_id == person.id, Subscription.status.in_(("past_due", "unpaid"))
    )
    return db.session.scalars(query.order_by(Subscription.family.desc()).limit(1)).one_or_none()


def latest(person: Person) -> list[Subscription]:
    """What the person subscribes to, or did last, of each family."""
    query = sa.select(Subscription).where(Subscription.person_id == person.id).order_by(Subscription.id.desc())
    found: dict[str, Subscription] = {}
    for each in db.session.scalars(query.limit(AT_A_TIME)):
        before = found.setdefault(each.family, each)
        if each.status in LIVE and before.status not in LIVE:
            found[each.family] = each
    return list(found.values())


def mine(person: Person, public_id: str) -> Subscription:
    """A live subscription of the person's. Raises NotFound for anybody else's, and for one that ended."""
    query = sa.select(Subscription).where(
        Subscription.person_id == person.id, Subscription.public_id == public_id, Subscription.status.in_(LIVE)
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found


def customer_of(person: Person) -> BillingCustomer | None:
    """Who the person is at Stripe, if they ever set out to subscribe."""
    query = sa.select(BillingCustomer).where(BillingCustomer.person_id == person.id, BillingCustomer.ended_at.is_(None))
    return db.session.scalars(query).one_or_none()


def checkout_of_session(person: Person, session_id: str) -> SubscriptionCheckout:
    """The person's intent that a session is for. Raises NotFound for anybody else's."""
    query = sa.select(SubscriptionCheckout).where(
        SubscriptionCheckout.person_id == person.id, SubscriptionCheckout.session_id == session_id
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found


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


def invoice(invoice_id: int, *, lock: bool = False) -> SubscriptionInvoice:
    """An invoice by its row, as it is now."""
    query = sa.select(SubscriptionInvoice).where(SubscriptionInvoice.id == invoice_id)
    query = query.with_for_update() if lock else query
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def invoice_of_payment(payment_intent: str, *, lock: bool = False) -> SubscriptionInvoice | None:
    """The invoice that a payment paid, if it paid one."""
    query = sa.select(SubscriptionInvoice).where(SubscriptionInvoice.payment_intent == payment_intent)
    query = query.with_for_update() if lock else query
    return db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def pays_invoice(payment_intent: object) -> bool:
    """Whether a payment is one of a subscription, and no sale."""
    return invoice_of_payment(str(payment_intent)) is not None


def open_invoice(subscription: Subscription) -> SubscriptionInvoice | None:
    """What is owed: the latest invoice that is open."""
    query = sa.select(SubscriptionInvoice).where(
        SubscriptionInvoice.subscription_id == subscription.id, SubscriptionInvoice.status == "open"
    )
    return db.session.scalars(query.order_by(SubscriptionInvoice.id.desc()).limit(1)).one_or_none()


def without_fee(subscription: Subscription) -> Sequence[int]:
    """The invoices of a subscription that were paid and of which Stripe's fee is not known."""
    query = sa.select(SubscriptionInvoice.id).where(
        SubscriptionInvoice.subscription_id == subscription.id, SubscriptionInvoice.amount > 0,
        SubscriptionInvoice.paid_at.is_not(None), SubscriptionInvoice.stripe_fee.is_(None),
    )  # fmt: skip
    return db.session.scalars(query.order_by(SubscriptionInvoice.id)).all()


def paid_lately(subscription: Subscription) -> Sequence[int]:
    """The invoices whose money may still go back without anybody telling."""
    query = sa.select(SubscriptionInvoice.id).where(
        SubscriptionInvoice.subscription_id == subscription.id, SubscriptionInvoice.amount > 0,
        SubscriptionInvoice.paid_at > clock.now() - WATCHED,
    )  # fmt: skip
    return db.session.scalars(query.order_by(SubscriptionInvoice.id)).all()


def standing(stripe_id: str) -> tuple[str, datetime] | None:
    """How a subscription stands and until when, if it is known."""
    query = sa.select(Subscription.status, Subscription.period_end).where(Subscription.stripe_id == stripe_id)
    found = db.session.execute(query).one_or_none()
    return (found.status, found.period_end) if found else None


def credits_asked() -> Sequence[int]:
    """Credits of earnings that wait for Stripe's answer, the oldest first."""
    query = sa.select(PlanCredit.id).where(PlanCredit.state == "asked", PlanCredit.asked_at < clock.now() - PATIENCE)
    return db.session.scalars(query.order_by(PlanCredit.id).limit(AT_A_TIME)).all()


def invoices_of(person: Person, after: str | None = None) -> Page[SubscriptionInvoice]:
    """A page of a person's invoices, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = sa.select(SubscriptionInvoice).where(SubscriptionInvoice.person_id == person.id)
    if after:
        query = query.where(SubscriptionInvoice.id < decode(after, int)[0])
    rows = db.session.scalars(query.order_by(SubscriptionInvoice.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def everyones(status: str, after: str | None = None) -> Page[Subscription]:
    """A page of all subscriptions with their people, the latest first, for operators; of one ``status``, or all."""
    query = sa.select(Subscription).options(joinedload(Subscription.person))
    if status:
        query = query.where(Subscription.status == status)
    if after:
        query = query.where(Subscription.id < decode(after, int)[0])
    rows = db.session.scalars(query.order_by(Subscription.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def anyones(public_id: str) -> Subscription:
    """Anybody's subscription, for operators. Raises NotFound."""
    found = db.session.scalars(sa.select(Subscription).where(Subscription.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def live_of_customer(stripe_customer: str) -> Sequence[str]:
    """Stripe's ids of what a customer subscribes to."""
    query = (
        sa.select(Subscription.stripe_id)
        .join(BillingCustomer, BillingCustomer.person_id == Subscription.person_id)
        .where(BillingCustomer.stripe_customer == stripe_customer, Subscription.status.in_(LIVE))
    )
    return db.session.scalars(query).all()


def knows_customer(stripe_customer: object) -> bool:
    query = sa.select(BillingCustomer.id).where(BillingCustomer.stripe_customer == str(stripe_customer))
    return db.session.scalar(query) is not None


def concerns() -> list[Concern]:
    """Payments of subscriptions that failed. Stripe tries again; nobody has to do anything."""
    query = sa.select(Subscription.id).where(Subscription.status.in_(("past_due", "unpaid"))).limit(MOST_COUNTED)
    count = len(db.session.scalars(query).all())
    url = url_for("subscriptions_admin.index", status="past_due")
    return [Concern("Subscriptions whose card was declined", count, "Stripe tries again for two weeks", url)]


def lingering_checkouts() -> list[str]:
    """Sessions of intents that were open for a while, the longest unasked first."""
    query = sa.select(SubscriptionCheckout.session_id).where(
        SubscriptionCheckout.state == "open", SubscriptionCheckout.opened_at < clock.now() - PATIENCE,
        SubscriptionCheckout.session_id.is_not(None),
    )  # fmt: skip
    oldest = SubscriptionCheckout.checked_at.asc().nulls_first()
    return [str(each) for each in db.session.scalars(query.order_by(oldest, SubscriptionCheckout.id).limit(AT_A_TIME))]


def due_subscriptions() -> list[str]:
    """Live subscriptions to ask after: whose period is over or whose payment failed each hour, the others each day."""
    now = clock.now()
    is_due = sa.or_(Subscription.period_end <= now, Subscription.status.in_(("past_due", "unpaid")))
    query = sa.select(Subscription.stripe_id).where(
        Subscription.status.in_(LIVE),
        sa.or_(sa.and_(is_due, Subscription.read_at < now - ASKED_AGAIN), Subscription.read_at < now - ASKED_DAILY),
    )
    return list(db.session.scalars(query.order_by(Subscription.read_at).limit(AT_A_TIME)))
