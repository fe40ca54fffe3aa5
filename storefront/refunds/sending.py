"""Sending refunds to Stripe, and asking it about those that nobody heard of."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from storefront.checkout.models import Order
from storefront.checkout.services import lock_order
from storefront.kit.db import db, outside, step
from storefront.kit.periodic import Tally
from storefront.payments.gateway import PaymentRefused, PaymentsBroken, PaymentsDown
from storefront.payments.gateway import refunds as stripe_refunds
from storefront.payments.gateway.refunds import StripeRefund
from storefront.payments.webhooks import Parked
from storefront.refunds import following, queries
from storefront.refunds.models import Refund

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=1)  # how long the request that wants to send it may take before a job does
PATIENCE = timedelta(minutes=5)


def send(refund_id: int) -> None:
    """Have Stripe make a refund, once, however often this is called: what it made before is looked for first.

    Raises PaymentsDown; the job tries again then. What Stripe refuses ends the refund as failed.
    """
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    if refund.state != "sending":
        return
    order = db.session.get_one(Order, refund.order_id, populate_existing=True)
    try:
        made, taken_back = _made(refund, order)
    except PaymentsBroken:
        with step():  # Stripe keeps its failure under the key, so another try has another
            db.session.get_one(Refund, refund_id, populate_existing=True).attempt += 1
        raise
    except PaymentRefused as refusal:
        with step():
            following.refused(db.session.get_one(Refund, refund_id), refusal.code or "Stripe refused it.")
        with suppress(following.NotYet):  # the sweep comes back to it
            look(order.id)  # perhaps because somebody gave it back in the dashboard
        return
    with step():
        following.follow(lock_order(order.id), made, taken_back=taken_back)


def try_to_send(refund: Refund) -> None:
    """Send at once, as a person waits for it. If Stripe is away a job does it later."""
    try:
        send(refund.id)
    except PaymentsDown:
        log.warning("refund %s is sent later", refund.public_id)


def _made(refund: Refund, order: Order) -> tuple[StripeRefund, int]:
    """Stripe's refund, made now or before, and what came back from the creator's account."""
    assert order.payment_intent is not None, "an order that was paid knows its payment"
    with outside():
        made = stripe_refunds.refunds_of(order.payment_intent)
        before = next((each for each in made if each.metadata.get("refund") == refund.public_id), None)
        found = before or stripe_refunds.refund(
            order.payment_intent,
            amount=refund.amount,
            metadata={"type": "refund", "refund": refund.public_id, "order": order.public_id},
            from_creator=order.settlement == "destination",
            with_fee=bool(order.fee),
            key=f"{refund.public_id}-{refund.attempt}",
        )
        return found, _taken_back(order)


def _taken_back(order: Order) -> int:
    """Nothing came back from a creator who was not paid at once."""
    if order.settlement != "destination" or order.payment_intent is None:
        return 0
    return stripe_refunds.taken_back(order.payment_intent)


def look(order_id: int) -> None:
    """Ask Stripe for every refund of an order, and follow each."""
    order = db.session.get_one(Order, order_id, populate_existing=True)
    if order.payment_intent is None:
        return
    with outside():
        made = stripe_refunds.refunds_of(order.payment_intent)
        taken_back = _taken_back(order)
    for each in reversed(made):  # the oldest first
        with step():
            following.follow(lock_order(order_id), each, taken_back=taken_back)


def sweep() -> list[Tally]:
    """Ask Stripe about refunds that are neither here nor there, so that a webhook that never comes loses nothing."""
    lingering = queries.lingering(PATIENCE)
    settled = 0
    for refund in lingering:
        try:
            if refund.state == "sending":
                send(refund.id)
            look(refund.order_id)
        except PaymentsDown:
            db.session.rollback()
            break
        except (PaymentRefused, Parked, following.NotYet):
            log.warning("refund %s could not be followed", refund.id, exc_info=True)
            db.session.rollback()
        with step():
            settled += queries.looked_at(refund.id)
    return [Tally("refunds on their way for too long", len(lingering), settled)]
