"""What becomes of an order once it was paid: given back, asked back by a bank, or neither after all."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.checkout.models import Order
from storefront.events.services import record
from storefront.kit.db import db
from storefront.kit.jobs import announce
from storefront.kit.slices import ask
from storefront.licenses.models import License
from storefront.licenses.services import end, reinstate
from storefront.payments.webhooks import Parked


def order_of_payment(payment_intent: object) -> Order:
    """The locked order that a payment intent paid. Raises Parked if there is none."""
    query = sa.select(Order).where(Order.payment_intent == str(payment_intent)).with_for_update()
    order = db.session.scalar(query, execution_options={"populate_existing": True})
    if order is None:
        raise Parked("It is about a payment that no order of this shop knows.")
    return order


def sale_of_payment(payment_intent: object) -> Order | None:
    """The locked order that a payment intent paid; None if another slice answers ``payments.theirs`` for it.

    Raises Parked if nobody knows it.
    """
    return None if any(ask("payments.theirs", payment_intent)) else order_of_payment(payment_intent)


def owed_again(order: Order) -> None:
    """A bank gave a payment back that was made twice: now it can go to who paid it."""
    if order.status == "unwanted":
        order.flag = ""
        announce("checkout.refund_unwanted", order_id=order.id)


def given_by_bank(order: Order) -> None:
    """A bank took a payment that was made twice, for who paid it."""
    order.status, order.flag = "refunded", ""
    record("order.refunded", order, workspace_id=order.workspace_id)


def refunded(order: Order) -> None:
    """All of a locked order goes back: the license ends and its clones freeze. Again changes nothing."""
    if order.status != "paid":
        return
    order.status = "refunded"
    license = db.session.get_one(License, order.license_id)
    end(license, "refunded")
    record("order.refunded", order, workspace_id=order.workspace_id)


def not_refunded(order: Order) -> None:
    """What went back from a locked order came back: the license is theirs again, unless they got another one."""
    if order.status != "refunded" or order.license_id is None:
        return
    order.status = "paid"
    reinstate(db.session.get_one(License, order.license_id))
    record("order.refund_failed", order, workspace_id=order.workspace_id)
