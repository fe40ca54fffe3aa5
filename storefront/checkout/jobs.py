"""What checkout does later: payment details, unwanted payments, and the sweep that needs no webhook."""

from __future__ import annotations

import logging
from datetime import timedelta

from storefront.checkout import getting, letters, services, words
from storefront.checkout.models import Order
from storefront.checkout.queries import (
    DISPUTED,
    lingering_orders,
    open_orders_of,
    open_orders_of_owner,
    orders_nobody_refunds,
)
from storefront.checkout.withdrawing import withdraw
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.jobs import announce, try_again
from storefront.kit.money import Money
from storefront.kit.periodic import Tally
from storefront.ledger import services as ledger
from storefront.payments import gateway

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)


def payment_details(order_id: int) -> None:
    """Write the charge, its fee, the card and the receipt onto an order that was paid, book the fee, and tell the buyer
    of what is theirs. Asks Stripe.

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
        if payment.stripe_fee:
            fee = Money(payment.stripe_fee, payment.fee_currency or order.currency)
            ledger.book_stripe_fee("order", order.public_id, fee, reference=intent)
        if is_news and order.status == "paid":
            letters.send_receipt(order)


def close_session(session_id: str) -> None:
    """Have Stripe close a session that leads to no open order, however often it must be asked."""
    getting.close_session(session_id)


def withdraw_listing(listing_id: int) -> None:
    """Give up every open order of a listing that was suspended. One whose session comes later is closed then."""
    for order_id in open_orders_of(listing_id):
        with step():
            withdraw(order_id)


def withdraw_owner(owner_id: int) -> None:
    """Give up every open order of what somebody's workspaces sell no more, since their plan has no selling."""
    for order_id in open_orders_of_owner(owner_id):
        with step():
            withdraw(order_id)


def refund_unwanted(order_id: int) -> None:
    """Give back a payment for something that was theirs already. The order and its attempt are the key: one refund.

    What Stripe answered, if only that it failed, it would say again to the same key; so another try has another.
    """
    order = db.session.get_one(Order, order_id, populate_existing=True)
    if order.status != "unwanted":
        return
    try:
        refund = _give_back(order, order.payment_intent) if order.payment_intent else None
    except gateway.PaymentRefused as refusal:
        if refusal.code != "charge_disputed":
            raise
        with step():  # the bank gives it back, or says that we may
            _asked_in_vain(order_id, DISPUTED)
        return
    with step():
        order = services.lock_order(order_id)
        if order.status == "unwanted":
            order.status, order.refund = "refunded", refund
            ledger.book_unwanted_returned(order.public_id, order.paid, reference=order.payment_intent)
            record("order.refunded", order, workspace_id=order.workspace_id)


def _give_back(order: Order, payment_intent: str) -> str:
    """Ask Stripe for the refund, unless it made one and failed only then; its id."""
    key = f"refund-{order.public_id}-{order.attempt}"
    metadata = {"type": "unwanted_order", "order": order.public_id}
    try:
        with outside():
            made = gateway.find_refund(payment_intent)
            return made or gateway.refund_payment(
                payment_intent, key=key, metadata=metadata, takes_back=order.takes_back
            )
    except (gateway.PaymentsBroken, gateway.PaymentRefused):
        with step():
            services.lock_order(order.id).attempt += 1
        raise


def sweep() -> list[Tally]:
    """Ask Stripe about orders open for too long, so that a webhook that never comes loses nothing; and see to it
    that every unwanted payment goes back."""
    lingering = lingering_orders(PATIENCE)
    settled = 0
    for order_id, session_id in lingering:
        try:
            settled += check_order(order_id, session_id)
        except Exception as why:
            log.warning("order %s could not be checked", order_id, exc_info=True)
            db.session.rollback()
            with step():
                _asked_in_vain(order_id, words.why_unsettled(why))
            if type(why) is gateway.PaymentsDown:
                break  # it would not answer about the others either
    return [Tally("orders open too long", len(lingering), settled), _sweep_unwanted()]


def _sweep_unwanted() -> Tally:
    """Announce the refund of unwanted orders anew where no job for it is left, or its job gave up."""
    with step():
        forgotten = orders_nobody_refunds()
        for order_id, job_id in forgotten.items():
            if job_id is None:
                announce("checkout.refund_unwanted", order_id=order_id)
            else:
                try_again(job_id)
    return Tally("payments to give back that nobody was giving back", len(forgotten), len(forgotten))


def look_after(order: Order) -> None:
    """What a sweep would do about one order, as an operator asks. Raises what Stripe refuses."""
    if order.status == "unwanted":
        refund_unwanted(order.id)
    else:
        check_order(order.id, order.session_id)


def check_order(order_id: int, session_id: str | None) -> bool:
    """Bring one open order to what Stripe says of its session; one that never got a session gives up its place.

    True if it is not open any more.
    """
    session = None
    if session_id is not None:
        with outside():
            session = gateway.retrieve_checkout_session(session_id)
    with step():
        order = services.lock_order(order_id)
        order.checked_at = clock.now()
        if order.status == "open":
            order.flag = ""
        if session is not None and session.is_paid:
            services.fulfil(session)
        elif (session is not None and session.status == "expired") or (
            session is None and order.session_id is None and not order_may_get_session(order)
        ):
            services.expire(order)
        return order.status != "open"


def _asked_in_vain(order_id: int, why: str) -> None:
    """Say so on the order. It goes to the end of the queue, so that one that can't be settled holds up no other."""
    order = services.lock_order(order_id)
    order.checked_at = clock.now()
    if order.status in ("open", "unwanted"):
        order.flag = why


def order_may_get_session(order: Order) -> bool:
    """Whether a click could still lead to a session made for this order's frozen end."""
    return order.session_expires_at is not None and clock.now() < order.session_expires_at
