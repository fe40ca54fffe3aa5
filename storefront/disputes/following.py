"""What Stripe says of a dispute, brought into the books and onto the license. It only moves forward."""

from __future__ import annotations

from storefront.checkout import afterwards
from storefront.checkout.models import Order
from storefront.disputes import letters, queries
from storefront.disputes.models import INQUIRY, STATES, Dispute
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.jobs import announce
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.licenses.models import License
from storefront.licenses.services import end, freeze, reinstate
from storefront.payments.gateway.disputes import StripeDispute
from storefront.payments.webhooks import Parked
from storefront.refunds.rules import parts_left, parts_paid

FIRST = STATES[0]


def follow(order: Order, said: StripeDispute) -> Dispute | None:
    """Bring our dispute about a locked order to what Stripe says of its own. None for a payment that was made twice.

    Raises Parked for an order that has less left than what is disputed.
    """
    if order.license_id is None:
        _follow_unwanted(order, said)
        return None
    dispute = queries.dispute_of_stripe(said.id) or _open(order, said)
    dispute.checked_at = clock.now()
    dispute.due_by = said.due_by
    if said.status not in INQUIRY:
        _set_aside(dispute, order, said)
    if said.status != dispute.state and dispute.may_become(said.status):
        dispute.state = said.status
        _move(dispute, order, said)
    return dispute


def _follow_unwanted(order: Order, said: StripeDispute) -> None:
    """Somebody paid twice, and their bank was quicker than the shop: lost, it went back that way; won, it is owed.

    Nobody answers it here, because the shop would give it back anyway.
    """
    ledger.book_unwanted_disputed(said.id, amount=said.withdrawn, bank_fee=said.bank_fee, reference=said.id)
    if said.status == "won":
        ledger.book_unwanted_won(said.id, amount=said.reinstated, bank_fee=said.fee_returned, reference=said.id)
        afterwards.owed_again(order)
    elif said.status == "lost" and order.status == "unwanted":
        ledger.book_unwanted_lost(said.id, amount=Money(said.amount, said.currency), reference=said.id)
        afterwards.given_by_bank(order)


def _open(order: Order, said: StripeDispute) -> Dispute:
    # An inquiry takes nothing, so it may be about what went back before we heard of it.
    left = parts_paid(order) if said.status in INQUIRY else parts_left(order)
    if said.amount > left.amount:
        raise Parked("A dispute about a payment that went back. Answer it in Stripe's dashboard.")
    parts = left.take(said.amount)
    now = clock.now()
    insert_if_new(
        Dispute, public_id=public_id("dsp"), stripe_id=said.id, order_id=order.id, workspace_id=order.workspace_id,
        state=FIRST, reason=said.reason, amount=said.amount, fee=parts.fee, share=parts.share, tax=parts.tax,
        currency=order.currency, evidence={}, opened_at=said.opened_at, due_by=said.due_by, checked_at=now,
    )  # fmt: skip
    dispute = queries.dispute_of_stripe(said.id)
    assert dispute is not None, "it was just written"
    record("dispute.opened", dispute, workspace_id=order.workspace_id, order=order.id, amount=dispute.amount)
    letters.send_opened(dispute)
    return dispute


def _set_aside(dispute: Dispute, order: Order, said: StripeDispute) -> None:
    """The bank has the money, or will: the share waits, and the license with it. Again books only what is new."""
    if dispute.state in ("won", "lost"):
        return
    is_news = ledger.book_dispute_opened(
        dispute.public_id, order_id=order.public_id, share=dispute.parts["share"], amount=said.withdrawn,
        bank_fee=said.bank_fee, reference=said.id,
    )  # fmt: skip
    freeze(_license(order))
    if is_news and order.settlement == "destination":  # the bank takes all of it from the shop, which has only its fee
        announce("disputes.take_back", dispute_id=dispute.id)


def _move(dispute: Dispute, order: Order, said: StripeDispute) -> None:
    if dispute.state in ("under_review", "warning_under_review"):
        dispute.answered_at = dispute.answered_at or clock.now()
    if dispute.is_open:
        return
    dispute.closed_at = clock.now()
    name = dispute.state if dispute.state in ("won", "lost") else "closed"
    if name == "won":
        ledger.book_dispute_won(
            dispute.public_id, order_id=order.public_id, share=dispute.parts["share"], amount=said.reinstated,
            bank_fee=said.fee_returned, reference=said.id,
        )  # fmt: skip
        reinstate(_license(order))
    elif name == "lost":
        ledger.book_dispute_lost(dispute.public_id, order_id=order.public_id, reference=said.id, **dispute.parts)
        end(_license(order), "revoked")
    record(f"dispute.{name}", dispute, workspace_id=order.workspace_id, order=order.id, amount=dispute.amount)
    letters.send_closed(dispute)


def _license(order: Order) -> License:
    return db.session.get_one(License, order.license_id, populate_existing=True)
