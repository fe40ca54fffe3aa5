"""Asking Stripe how subscriptions stand: after its news, on coming back from its pages, and by a sweep without either.

Events come in any order, twice or never; each only says that it is time to ask.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import NotFound
from storefront.kit.money import Money
from storefront.kit.periodic import Tally
from storefront.ledger import services as ledger
from storefront.payments import gateway
from storefront.payments.gateway import PaymentRefused, PaymentsDown, billing
from storefront.payments.gateway import subscriptions as stripe
from storefront.payments.gateway.subscriptions import StripeInvoice, StripeSubscription
from storefront.payments.webhooks import Parked
from storefront.subscriptions import crediting, queries, returns
from storefront.subscriptions.following import SecondSubscription, follow, settle_grace
from storefront.subscriptions.models import BillingCustomer, Subscription, SubscriptionCheckout

log = logging.getLogger(__name__)


def look(stripe_id: str) -> Subscription:
    """Ask Stripe how a subscription and its invoices stand, and follow.

    Raises Parked if it isn't ours, PaymentsDown.
    """
    asked_at = clock.now()
    with outside():
        said = stripe.retrieve_subscription(stripe_id)
        invoices = stripe.invoices_of(stripe_id)
        then = stripe.sold_by(said.next_price) if said.next_price else None
    try:
        with step():
            subscription = follow(said, invoices, asked_at=asked_at, then=then)
    except SecondSubscription:
        return _give_back(said, invoices)
    for invoice_id in queries.without_fee(subscription):
        look_at_payment(invoice_id)
    return subscription


def _give_back(said: StripeSubscription, invoices: list[StripeInvoice]) -> Subscription:
    """End a second subscription at Stripe and give its money back; written down as one that ended.

    The money first: while the subscription lives, whoever looks at it again finds that it is a second one.
    """
    log.warning("subscription %s is a second one: it ends, and what was paid goes back", said.id)
    paid = [each for each in invoices if each.payment_intent and each.amount]
    with outside():
        for invoice in paid:
            metadata = {"type": "second_subscription", "subscription": said.id}
            gateway.refund_payment(str(invoice.payment_intent), key=f"second-{invoice.id}", metadata=metadata)
        billing.cancel_now(said.id, key=f"second-{said.id}")
    subscription = look(said.id)
    for invoice in paid:
        returns.look_at(str(invoice.payment_intent))
    return subscription


def look_at_payment(invoice_id: int) -> None:
    """Write down what Stripe kept of an invoice's payment, and what of it went back, if anything did."""
    invoice = queries.invoice(invoice_id)
    intent = invoice.payment_intent
    if intent is None or not invoice.amount:
        return
    with outside():
        charge = stripe.charged(intent)
    with step():
        invoice = queries.invoice(invoice_id, lock=True)
        if charge.stripe_fee is not None:
            invoice.stripe_fee = charge.stripe_fee
            fee = Money(charge.stripe_fee, charge.fee_currency or invoice.currency)
            ledger.book_stripe_fee("invoice", invoice.stripe_id, fee, reference=intent)
    if charge.refunded or charge.is_disputed or invoice.returned:
        returns.look_at(intent)


def confirm(session_id: str, person: Person) -> SubscriptionCheckout:
    """The person's intent of a session, after asking Stripe whether it came true. Raises NotFound for anybody else's.

    The page that Stripe leads back to calls it, so nothing waits for a webhook.
    """
    checkout = queries.checkout_of_session(person, session_id)
    if checkout.state != "done":
        try:
            confirm_session(session_id)
        except (PaymentsDown, PaymentRefused, Parked):
            log.warning("session %s could not be confirmed", session_id, exc_info=True)
            return checkout
        checkout = queries.checkout_of_session(person, session_id)
    return checkout


def confirm_session(session_id: str) -> bool:
    """Bring an intent to what Stripe says of its session. True if it is not open any more."""
    with outside():
        session, began = stripe.subscription_of_session(session_id)
    if began:
        look(began)
    state = {"complete": "done", "expired": "expired"}.get(session.status)
    with step():
        found = sa.update(SubscriptionCheckout).where(SubscriptionCheckout.session_id == session_id)
        known = {"checked_at": clock.now()} | ({"state": state} if state else {})
        db.session.execute(found.values(known))
    return state is not None


def customer_gone(stripe_customer: str) -> None:
    """Stripe knows the customer no more: what they had ended, and who comes again is a new one."""
    with step():
        gone = sa.update(BillingCustomer).where(
            BillingCustomer.stripe_customer == stripe_customer, BillingCustomer.ended_at.is_(None)
        )
        db.session.execute(gone.values(ended_at=clock.now()))
    for stripe_id in queries.live_of_customer(stripe_customer):
        look(stripe_id)


def sweep() -> list[Tally]:
    """Ask after what no webhook told of: pages that were paid, subscriptions that are due, and once a day the rest."""
    pages = _all(queries.lingering_checkouts(), confirm_session)
    due = _all(queries.due_subscriptions(), _look_whole)
    for credit_id in queries.credits_asked():
        crediting.give(credit_id)
    with step():
        settled = settle_grace()
    return [
        Tally("pages to subscribe on, open too long", *pages),
        Tally("subscriptions to ask Stripe about", *due),
        Tally("plans whose days of grace are over", settled, settled),
    ]


def _look_whole(stripe_id: str) -> bool:
    """A subscription, and what became of the money of its latest invoices. True if Stripe said something new."""
    before = queries.standing(stripe_id)
    subscription = look(stripe_id)
    for invoice_id in queries.paid_lately(subscription):
        look_at_payment(invoice_id)
    return before != queries.standing(stripe_id)


def _all(names: list[str], ask: Callable[[str], bool]) -> tuple[int, int]:
    """How many there were, and about how many Stripe answered something new."""
    done = 0
    for name in names:
        try:
            done += ask(name)
        except PaymentsDown:
            log.warning("Stripe did not answer about subscriptions")
            break
        except (Parked, PaymentRefused, NotFound):
            log.warning("%s could not be looked at", name, exc_info=True)
            db.session.rollback()
    return len(names), done
