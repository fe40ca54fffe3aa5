"""Asking Stripe how disputes stand, and answering them there."""

from __future__ import annotations

import logging
from datetime import timedelta

from storefront.accounts.models import Person
from storefront.checkout.afterwards import order_of_payment, sale_of_payment
from storefront.checkout.models import Order
from storefront.checkout.services import lock_order
from storefront.disputes import queries
from storefront.disputes.following import follow
from storefront.disputes.models import Dispute
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Conflict
from storefront.kit.ids import token
from storefront.kit.money import Money
from storefront.kit.periodic import Tally
from storefront.ledger import services as ledger
from storefront.ledger.queries import reversed_of
from storefront.payments.gateway import PaymentRefused, PaymentsDown, transfers
from storefront.payments.gateway import disputes as stripe_disputes
from storefront.payments.gateway import refunds as stripe_refunds
from storefront.payments.gateway.disputes import StripeDispute
from storefront.payments.webhooks import Parked

log = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)  # how long an open dispute may go unasked after
LOOK_BACK = timedelta(days=3)


class AnsweredAlready(Conflict):
    title = "This was answered already."
    message = "Banks take one answer. Look at what was handed in."


def look(dispute_id: str) -> None:
    """Ask Stripe how one of its disputes stands, and follow it."""
    with outside():
        said = stripe_disputes.retrieve_dispute(dispute_id)
    with step():
        order = sale_of_payment(said.payment_intent)
        if order is not None:
            follow(order, said)


def take_back(dispute_id: int) -> None:
    """Bring the creator's share back from their account at Stripe, once. Won, it is paid again with the next payout.

    What they have spent is owed: their balance is below nothing until later sales make up for it.
    """
    dispute = db.session.get_one(Dispute, dispute_id, populate_existing=True)
    order = db.session.get_one(Order, dispute.order_id, populate_existing=True)
    if dispute.state == "won" or order.payment_intent is None or not dispute.share:
        return
    metadata = {"type": "dispute", "dispute": dispute.public_id, "order": order.public_id}
    try:
        with outside():
            transfers.take_back(
                order.payment_intent, amount=dispute.share, metadata=metadata, key=f"{dispute.public_id}-take-back"
            )
            back = stripe_refunds.taken_back(order.payment_intent)
    except PaymentRefused as refusal:
        log.warning("dispute %s: nothing came back from its creator: %s", dispute.public_id, refusal.reason)
        return
    with step():
        lock_order(order.id)
        more = back - reversed_of(order.public_id)
        if more > 0:
            ledger.book_dispute_opened(
                dispute.public_id, order_id=order.public_id, share=dispute.parts["share"],
                reversed=Money(more, dispute.currency), reference=dispute.stripe_id,
            )  # fmt: skip


def answer(public_id: str, evidence: dict[str, str], *, by: Person) -> None:
    """Hand in what an operator wrote. What was written is kept first, so that nothing is lost if Stripe is away.

    Each click has a key of its own: one that failed may be tried again, and the same answer twice is one answer. Raises
    AnsweredAlready, PaymentsDown, or what Stripe refuses.
    """
    with step():
        dispute = write(public_id, evidence)
        record("dispute.answered", dispute, by=by, workspace_id=dispute.workspace_id, order=dispute.order_id)
    said = {name: text for name, text in evidence.items() if text}
    with outside():
        found = stripe_disputes.answer_dispute(dispute.stripe_id, said, key=f"{public_id}-answer-{token(12)}")
    _follow(found)


def write(public_id: str, evidence: dict[str, str]) -> Dispute:
    """Keep what an operator writes, to go on later. Raises AnsweredAlready."""
    dispute = queries.any_dispute(public_id, lock=True)
    if not dispute.wants_answer:
        raise AnsweredAlready
    dispute.evidence = evidence
    return dispute


def give_in(public_id: str, *, by: Person) -> None:
    """Let the bank have it. Raises AnsweredAlready, PaymentsDown, or what Stripe refuses."""
    with step():
        dispute = queries.any_dispute(public_id, lock=True)
        if not dispute.wants_answer or dispute.is_inquiry:
            raise AnsweredAlready
        record("dispute.answered", dispute, by=by, workspace_id=dispute.workspace_id, order=dispute.order_id)
    with outside():
        found = stripe_disputes.give_in(dispute.stripe_id, key=f"{public_id}-give-in-{token(12)}")
    _follow(found)


def _follow(said: StripeDispute) -> None:
    with step():
        follow(order_of_payment(said.payment_intent), said)


def sweep() -> list[Tally]:
    """Find disputes that no webhook told of, and ask after those that are open."""
    try:
        with outside():
            latest = {each.id for each in stripe_disputes.latest_disputes(clock.now() - LOOK_BACK)}
    except PaymentsDown:
        log.warning("Stripe did not answer about disputes")
        return [Tally("disputes nobody told of", 0, 0)]
    unknown = latest - queries.known_among(latest)
    found = sum(_looked(dispute_id) for dispute_id in sorted(unknown))
    for dispute_id in queries.long_unasked(PATIENCE):
        _looked(dispute_id)
    return [Tally("disputes nobody told of", len(unknown), found)]


def _looked(dispute_id: str) -> bool:
    try:
        look(dispute_id)
    except (Parked, PaymentsDown):
        log.warning("dispute %s could not be followed", dispute_id, exc_info=True)
        db.session.rollback()
        return False
    return True
