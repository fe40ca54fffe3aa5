"""What checkout does later: payment details, unwanted payments, and the sweep that needs no webhook."""

from __future__ import annotations

import logging
from datetime import timedelta

from storefront.checkout import letters, services
from storefront.checkout.models import Order
from storefront.checkout.queries import lingering_orders
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Refusal
from storefront.payments import gateway
from storefront.payments.webhooks import Parked

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)


def payment_details(order_id: int) -> None:
    """Write the charge, its fee, the card and the receipt onto a paid order, and tell the buyer. Asks Stripe.

    May run twice: the letter goes with the run that writes the charge.
    """
    intent = db.session.get_one(Order, order_id, populate_existing=True).payment_intent
    if intent is None:
        return
    with outside():
        payment = gateway.retrieve_payment(intent)
    with step():
        order = services.lock_order(order_id)
        is_news = order.charge is None
        order.charge, order.stripe_fee = payment.charge, payment.stripe_fee
        order.card, order.receipt_url = payment.card, payment.receipt_url
        if is_news and order.status == "paid":
            letters.send_receipt(order)


def refund_unwanted(order_id: int) -> None:
    """Give back a payment for something that was theirs already. The order's id is the key: one refund."""
    order = db.session.get_one(Order, order_id, populate_existing=True)
    if order.status != "unwanted" or order.payment_intent is None:
        return
    key, metadata = f"refund-{order.public_id}", {"type": "unwanted_order", "order": order.public_id}
    with outside():
        refund = gateway.refund_payment(order.payment_intent, key=key, metadata=metadata)
    with step():
        order = services.lock_order(order_id)
        if order.status == "unwanted":
            order.status, order.refund = "refunded", refund
            record("order.refunded", order, workspace_id=order.workspace_id)


def sweep() -> None:
    """Ask Stripe about orders open for too long, so that a webhook that never comes loses nothing."""
    for order_id, session_id in lingering_orders(PATIENCE):
        try:
            check_order(order_id, session_id)
        except (Refusal, Parked) as why:
            log.warning("order %s could not be checked: %s", order_id, why)


def check_order(order_id: int, session_id: str | None) -> None:
    """Bring one open order to what Stripe says of its session; one that never got a session gives up its place."""
    session = None
    if session_id is not None:
        with outside():
            session = gateway.retrieve_checkout_session(session_id)
    with step():
        order = services.lock_order(order_id)
        order.checked_at = clock.now()
        if session is not None and session.is_paid:
            services.fulfil(session)
        elif (session is not None and session.status == "expired") or (
            session is None and order.session_id is None and not order_may_get_session(order)
        ):
            services.expire(order)


def order_may_get_session(order: Order) -> bool:
    """Whether a click could still lead to a session made for this order's frozen end."""
    return order.session_expires_at is not None and clock.now() < order.session_expires_at
