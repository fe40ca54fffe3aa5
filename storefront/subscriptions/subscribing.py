"""Setting out to subscribe: an intent is written first, then Stripe is asked for its page.

One live subscription of each family a person, whatever they click: who has one changes it instead.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Conflict, NotFound, Unavailable
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.urls import absolute_url
from storefront.payments import gateway
from storefront.payments.gateway import CheckoutSession, PaymentRefused, PaymentsBroken, billing, setup
from storefront.subscriptions import queries
from storefront.subscriptions.asking import confirm_session
from storefront.subscriptions.models import BillingCustomer, SubscriptionCheckout
from storefront.subscriptions.products import Price, price_of

log = logging.getLogger(__name__)

PURPOSE = "subscription"  # what the metadata of a session and a subscription of ours say they are for
BILLING = "/billing"
SHORTEST = timedelta(minutes=1)  # a page that runs out sooner is not worth being led to


class AlreadySubscribed(Conflict):
    title = "You have a subscription already."
    message = "Change it instead: nobody pays twice."

    def __init__(self) -> None:
        super().__init__(action=("Your billing", BILLING))


class NotOnSale(Unavailable):
    """Stripe has no such price, or another than the pricing page says."""

    title = "This can't be subscribed to yet."
    message = "The shop has not finished setting up its prices at Stripe. Nothing was charged."


@dataclass(frozen=True)
class Page:
    """Where somebody subscribes: Stripe's session and its address."""

    session_id: str
    url: str


def subscribe(person: Person, product: str, interval: str) -> Page:
    """Stripe's page where ``person`` subscribes; the same again while it is open.

    Raises NotFound for what is not sold, AlreadySubscribed, NotOnSale, PaymentsDown or what Stripe refuses.
    """
    price = price_of(settings(), product, interval)
    if price is None:
        raise NotFound
    with step():
        customer = lock_customer(person)
        checkout, stale = _open(person, price)
    if stale:
        _close(stale)
    if checkout.session_id and checkout.session_url:
        return Page(checkout.session_id, checkout.session_url)
    try:
        stripe_customer = customer.stripe_customer or _make_customer(customer, person, checkout.attempt)
        session = _ask_stripe(checkout, price, stripe_customer)
    except (PaymentsBroken, PaymentRefused) as error:
        with step():
            _give_way(checkout.id, customer.id, error)
        raise
    with step():
        return _attach(checkout.id, session)


def lock_customer(person: Person) -> BillingCustomer:
    """Who the person is at Stripe, written now if it is not known; whoever else decides about them waits."""
    insert_if_new(BillingCustomer, public_id=public_id("bcu"), person_id=person.id, opened_at=clock.now())
    query = sa.select(BillingCustomer).where(BillingCustomer.person_id == person.id, BillingCustomer.ended_at.is_(None))
    return db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one()


def _open(person: Person, price: Price) -> tuple[SubscriptionCheckout, str | None]:
    """The person's one open intent for the family, and the session that gave way to it."""
    if queries.live(person, price.family):
        raise AlreadySubscribed
    query = sa.select(SubscriptionCheckout).where(
        SubscriptionCheckout.person_id == person.id, SubscriptionCheckout.family == price.family,
        SubscriptionCheckout.state == "open",
    )  # fmt: skip
    current = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    stale = None
    if current is not None:
        if _is_same(current, price) and not _has_run_out(current):
            return current, None
        current.state, stale = "expired", current.session_id
        db.session.flush()
    now = clock.now()
    opened = SubscriptionCheckout(
        public_id=public_id("sco"), person_id=person.id, family=price.family, product=price.product,
        interval=price.interval, amount=price.amount, currency=price.currency, opened_at=now,
        session_expires_at=now + timedelta(minutes=settings().checkout_minutes),
    )  # fmt: skip
    db.session.add(opened)
    db.session.flush()
    return opened, stale


def _is_same(checkout: SubscriptionCheckout, price: Price) -> bool:
    asked = (checkout.product, checkout.interval, checkout.amount, checkout.currency)
    return asked == (price.product, price.interval, price.amount, price.currency)


def _has_run_out(checkout: SubscriptionCheckout) -> bool:
    return checkout.session_expires_at is not None and checkout.session_expires_at <= clock.now() + SHORTEST


def _close(session_id: str) -> None:
    """Close the page of an intent that gave way: nobody shall pay on it. Raises AlreadySubscribed if somebody did."""
    with outside():
        session = gateway.expire_checkout_session(session_id)
    if session.status == "complete":
        confirm_session(session_id)
        raise AlreadySubscribed


def _make_customer(customer: BillingCustomer, person: Person, attempt: int) -> str:
    """Have Stripe know the person. Where it failed before, it may have made the customer all the same."""
    metadata = {"type": PURPOSE, "person": str(person.id), "customer": customer.public_id}
    with outside():
        made = billing.find_customer(person.email, metadata) if attempt > 1 else None
        made = made or billing.make_customer(
            email=person.email, name=person.name, metadata=metadata, key=f"customer-{customer.public_id}-{attempt}"
        )
    with step():
        known = sa.update(BillingCustomer).where(BillingCustomer.id == customer.id)
        db.session.execute(known.values(stripe_customer=made))
    return made


def _ask_stripe(checkout: SubscriptionCheckout, price: Price, customer: str) -> CheckoutSession:
    """Asking twice for one attempt gives one session."""
    stripe_price = price_at_stripe(price)
    wanted = billing.Subscribing(
        customer=customer,
        price=stripe_price,
        reference=checkout.public_id,
        metadata={"type": PURPOSE, "checkout": checkout.public_id, "product": price.product},
        expires_at=checkout.session_expires_at or clock.now(),
        success_url=absolute_url("subscriptions.success") + "?session_id={CHECKOUT_SESSION_ID}",
        cancel_url=absolute_url("pricing.index", interval=price.interval),
    )
    with outside():
        return billing.create_session(wanted, key=f"subscribe-{checkout.public_id}-{checkout.attempt}")


def price_at_stripe(price: Price) -> str:
    """The id of Stripe's own price. Raises NotOnSale if there is none, or one that asks something else."""
    with outside():
        found = setup.prices_by_key([price.lookup_key]).get(price.lookup_key)
    if found is None or (found.amount, found.currency, found.interval) != (
        price.amount,
        price.currency,
        price.interval,
    ):
        log.error("Stripe does not sell %s as this shop does; run: storefront stripe setup", price.lookup_key)
        raise NotOnSale
    return found.id


def _give_way(checkout_id: int, customer_id: int, error: Exception) -> None:
    """Let the next click ask Stripe anew, with a new customer if it knows this one no more."""
    checkout = db.session.get_one(SubscriptionCheckout, checkout_id, with_for_update=True)
    checkout.attempt += 1
    checkout.session_expires_at = clock.now() + timedelta(minutes=settings().checkout_minutes)
    if isinstance(error, PaymentRefused) and error.code == billing.GONE:
        db.session.get_one(BillingCustomer, customer_id, with_for_update=True).ended_at = clock.now()


def _attach(checkout_id: int, session: CheckoutSession) -> Page:
    checkout = db.session.get_one(SubscriptionCheckout, checkout_id, with_for_update=True, populate_existing=True)
    if checkout.state != "open":
        raise Conflict
    checkout.session_id, checkout.session_url = session.id, session.url
    checkout.session_expires_at = session.expires_at
    return Page(session.id, session.url or absolute_url("subscriptions.success", session_id=session.id))
