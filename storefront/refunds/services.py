"""Giving money back: asked for, decided, and followed to where Stripe says it is.

Every verb locks the order first, so that of two clicks one makes the refund and the other finds it.
"""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.checkout.models import Order
from storefront.checkout.queries import order_of_license
from storefront.checkout.services import lock_order
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.jobs import announce
from storefront.licenses.models import License
from storefront.refunds import letters, queries
from storefront.refunds.models import Refund
from storefront.refunds.rules import Parts, gets_it_at_once, lock_person, parts_left
from storefront.refunds.sending import GRACE


class NothingWasPaid(Conflict):
    title = "There is nothing to give back."
    message = "Nothing was paid for this license, or all of it went back already."


class WindowOver(Conflict):
    title = "The days for a refund are over."
    message = "Whoever made the work can still give the money back. Ask them."


class Disputed(Conflict):
    title = "The bank decides about this payment."
    message = "It is disputed, and giving it back now could pay it twice. Wait until the dispute is closed."


class RefundUnderWay(Conflict):
    title = "A refund is under way."
    message = "Decide about the one that waits, or wait until the one that was sent has arrived."


class TooMuch(Conflict):
    title = "That is more than is left."
    message = "A part of it went back meanwhile. Look at what is left before you go on."


class Decided(Conflict):
    title = "This was decided already."
    message = "Somebody else was quicker. Look at what they decided."


def refuse_unless_refundable(license: License) -> None:
    """Raises NothingWasPaid, Disputed or WindowOver unless its holder may ask for the money back now."""
    if license.status == "disputed":
        raise Disputed
    if license.status != "completed":
        raise NothingWasPaid
    if not license.is_refundable:
        raise WindowOver


def ask(license: License, reason: str, *, by: Person) -> Refund:
    """The holder of a license wants the money back. Asking again is the same refund.

    Raises what ``refuse_unless_refundable`` does.
    """
    lock_person(by)
    order = _order_of(license)
    running = queries.under_way(order.id)
    if running is not None:
        return running
    refuse_unless_refundable(license)
    state = "sending" if gets_it_at_once(by) else "waiting"
    refund = _begin(order, parts_left(order), origin="buyer", state=state, reason=reason, by=by)
    if state == "waiting":
        letters.send_asked(refund)
    return refund


def give(order: Order, amount: int | None, reason: str, *, origin: str, by: Person) -> Refund:
    """Give ``amount`` (minor units, tax included) of an order back, everything that is left if None.

    ``origin`` is ``creator`` or ``operator``. A request that waits is granted by giving everything back. Raises
    Disputed, NothingWasPaid, TooMuch or RefundUnderWay.
    """
    order = lock_order(order.id)
    running = queries.under_way(order.id)
    if running is not None and running.state == "waiting" and amount is None:
        return _grant(running, order, reason, by=by)
    if running is not None:
        raise RefundUnderWay
    _refuse_while_disputed(order)
    left = parts_left(order)
    if order.status != "paid" or not left.amount:
        raise NothingWasPaid
    if amount is not None and amount > left.amount:
        raise TooMuch
    parts = left if amount is None else left.take(amount)
    return _begin(order, parts, origin=origin, state="sending", reason=reason, by=by)


def grant(refund: Refund, answer: str, *, by: Person) -> Refund:
    """Let a request that waits go through. Raises Decided or Disputed."""
    order = lock_order(refund.order_id)
    return _grant(_still_waiting(refund), order, answer, by=by)


def decline(refund: Refund, answer: str, *, by: Person) -> Refund:
    """Keep the money, for a reason that the buyer reads. Raises Decided."""
    lock_order(refund.order_id)
    refund = _still_waiting(refund)
    refund.state, refund.answer, refund.decided_by_id = "declined", answer, by.id
    refund.decided_at = clock.now()
    record("refund.declined", refund, by=by, workspace_id=refund.workspace_id, order=refund.order_id)
    letters.send_declined(refund)
    return refund


def resolve(refund: Refund, answer: str, *, by: Person) -> None:
    """Note what was done about a refund that failed. Raises Decided unless it is one that nobody saw to."""
    lock_order(refund.order_id)
    db.session.refresh(refund)
    if refund.state != "failed" or refund.resolved_at is not None:
        raise Decided
    refund.answer, refund.decided_by_id, refund.resolved_at = answer, by.id, clock.now()
    record("refund.resolved", refund, by=by, workspace_id=refund.workspace_id, order=refund.order_id)


def _grant(refund: Refund, order: Order, answer: str, *, by: Person) -> Refund:
    _refuse_while_disputed(order)
    refund.state, refund.answer, refund.decided_by_id = "sending", answer, by.id
    refund.decided_at = clock.now()
    _send_later(refund, order)
    return refund


def _still_waiting(refund: Refund) -> Refund:
    db.session.refresh(refund)
    if refund.state != "waiting":
        raise Decided
    return refund


def _order_of(license: License) -> Order:
    found = order_of_license(license)
    if found is None:
        raise NothingWasPaid
    order = lock_order(found.id)
    db.session.refresh(license, ["status", "refundable_until"])
    return order


def _refuse_while_disputed(order: Order) -> None:
    """Raises Disputed while a bank decides about the payment, NothingWasPaid once it gave the money back."""
    license = db.session.get(License, order.license_id, populate_existing=True) if order.license_id else None
    if license is not None and license.status == "disputed":
        raise Disputed
    if license is not None and license.status == "revoked":  # the bank gave it back
        raise NothingWasPaid


def _begin(order: Order, parts: Parts, *, origin: str, state: str, reason: str, by: Person) -> Refund:
    """Write a refund of a locked order that has none under way."""
    if not parts.amount:
        raise NothingWasPaid
    failed = sa.update(Refund).where(Refund.order_id == order.id, Refund.state == "failed")
    db.session.execute(failed.where(Refund.resolved_at.is_(None)).values(resolved_at=clock.now()))
    identity = public_id("rfd")
    insert_if_new(
        Refund, public_id=identity, order_id=order.id, workspace_id=order.workspace_id, origin=origin, state=state,
        amount=parts.amount, fee=parts.fee, share=parts.share, tax=parts.tax, currency=order.currency, reason=reason,
        answer="", failure="", attempt=1, asked_by_id=by.id, asked_at=clock.now(),
    )  # fmt: skip
    refund = queries.refund_named(identity)
    record("refund.asked", refund, by=by, workspace_id=order.workspace_id, order=order.id, amount=refund.amount)
    if state == "sending":
        _send_later(refund, order)
    return refund


def _send_later(refund: Refund, order: Order) -> None:
    """Count it against what was paid, and see that it is sent even if the request that wants to does not live."""
    order.returned += refund.amount
    announce("refunds.send", after=GRACE, refund_id=refund.id)
