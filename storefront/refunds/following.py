"""What Stripe says of a refund, brought into the books. It only moves forward: pending, succeeded, failed.

Source: https://docs.stripe.com/refunds#failed-refunds, where one that succeeded may still come back.
"""

from __future__ import annotations

import sqlalchemy as sa

from storefront.checkout import afterwards
from storefront.checkout.models import Order
from storefront.checkout.services import lock_order
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.ids import public_id
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.ledger.queries import reversed_of
from storefront.payments.gateway.refunds import StripeRefund
from storefront.payments.webhooks import Parked
from storefront.refunds import letters, queries
from storefront.refunds.models import Refund
from storefront.refunds.rules import parts_left

PROGRESS = ("sending", "pending", "succeeded", "failed")
STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}


class NotYet(Exception):
    """Another refund of the same order must arrive first; the sweep comes back to this one."""


def follow(order: Order, said: StripeRefund, *, taken_back: int | None) -> Refund | None:
    """Bring our refund of a locked order to what Stripe says of its own. None for one that checkout looks after.

    ``taken_back`` is what came back from the creator's account for the whole order by now, in minor units; None if
    nobody asked. A refund that we did not make, in Stripe's dashboard say, becomes ours. Raises Parked if it does not
    fit the order, NotYet while another one is on its way.
    """
    refund = queries.refund_of_stripe(said.id) or _sent_as(order, said)
    if refund is None and (order.status == "unwanted" or order.refund == said.id):
        if STATES[said.status] == "failed":
            raise Parked(f"A payment made twice did not go back: {said.failure}. Give it back another way.")
        return None
    if refund is None and said.status not in ("failed", "canceled"):
        refund = _adopt(order, said)
    if refund is not None:
        _move(refund, order, STATES[said.status], said)
        if taken_back:
            _book_taken_back(refund, order, taken_back)
    return refund


def refused(refund: Refund, why: str) -> None:
    """Stripe did not take a refund at all: what was paid stays paid, and people are told."""
    order = lock_order(refund.order_id)
    db.session.refresh(refund)
    if refund.state == "sending":
        _fail(refund, order, why)


def _move(refund: Refund, order: Order, state: str, said: StripeRefund) -> None:
    if PROGRESS.index(state) <= PROGRESS.index(refund.state):
        return
    was, refund.stripe_id = refund.state, said.id
    if state == "failed":
        _fail(refund, order, said.failure or "The bank sent it back.")
        return
    refund.state = state
    now = clock.now()
    if was == "sending":
        refund.sent_at = now
        record("refund.sent", refund, workspace_id=refund.workspace_id, order=order.id)
        if order.returned == order.amount:
            afterwards.refunded(order)
        letters.send_sent(refund)
    if state == "succeeded":
        refund.settled_at = now
        _book(refund, order)
        record("refund.succeeded", refund, workspace_id=refund.workspace_id, order=order.id, amount=refund.amount)


def _book(refund: Refund, order: Order) -> None:
    """Stripe took the money out of our balance."""
    ledger.book_refund(refund.public_id, order_id=order.public_id, reference=refund.stripe_id, **refund.parts)


def _book_taken_back(refund: Refund, order: Order, taken_back: int) -> None:
    """Whatever becomes of the refund, what Stripe took out of the creator's account for it is with us now."""
    more = taken_back - reversed_of(order.public_id)
    if more > 0:
        nothing = Money(0, order.currency)
        ledger.book_refund(
            refund.public_id, order_id=order.public_id, fee=nothing, share=nothing, tax=nothing,
            reversed=Money(more, order.currency), reference=refund.stripe_id,
        )  # fmt: skip


def _fail(refund: Refund, order: Order, why: str) -> None:
    """The money is with us again, so what it paid for is theirs again, unless they got it anew meanwhile."""
    if refund.state == "succeeded":
        ledger.book_refund_failed(
            refund.public_id, order_id=order.public_id, reference=refund.stripe_id, **refund.parts
        )
    refund.state, refund.failure, refund.settled_at = "failed", why, clock.now()
    order.returned -= refund.amount
    afterwards.not_refunded(order)
    record("refund.failed", refund, workspace_id=refund.workspace_id, order=order.id, amount=refund.amount)
    letters.send_failed(refund)


def _sent_as(order: Order, said: StripeRefund) -> Refund | None:
    """The refund that we named when we asked Stripe for it, before we heard its id."""
    mine = sa.select(Refund).where(Refund.public_id == said.metadata.get("refund", ""), Refund.order_id == order.id)
    return db.session.scalar(mine)


def _adopt(order: Order, said: StripeRefund) -> Refund:
    """Make a refund of Stripe's own ours. A request that waits for a decision has got its answer with it."""
    running = queries.under_way(order.id)
    if running is not None and running.state != "waiting":
        raise NotYet
    left = parts_left(order)
    if order.amount is None or said.amount > left.amount:
        raise Parked(f"It gives back more than the {left.amount} minor units that are left of its order.")
    parts = left.take(said.amount)
    now = clock.now()
    if running is None:
        running = Refund(
            public_id=public_id("rfd"), order_id=order.id, workspace_id=order.workspace_id, origin="stripe",
            reason="Made in Stripe's dashboard.", asked_at=now,
        )  # fmt: skip
        db.session.add(running)
    running.amount, running.fee, running.share, running.tax = parts.amount, parts.fee, parts.share, parts.tax
    running.currency, running.state, running.decided_at = order.currency, "sending", now
    order.returned += parts.amount
    db.session.flush()
    return running
