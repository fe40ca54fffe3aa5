"""Stripe's events in each state, for tests of the operators' page."""

from __future__ import annotations

from typing import Any

from storefront.checkout.models import Order
from storefront.checkout.services import open_order
from storefront.kit.db import step
from storefront.payments import webhooks
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.worlds import make_offer

COMPLETED = "checkout.session.completed"


def kept(kind: str = "payout.paid", **subject: Any) -> int:
    """The row id of an event that waits for its handling."""
    return webhooks.keep(event_body(kind, subject))


def ignored() -> int:
    event_id = kept("customer.created")
    assert webhooks.handle(event_id) == "ignored"
    return event_id


def parked() -> int:
    """An event that says it was paid, but not for what."""
    subject = {
        "id": "cs_test_1", "status": "complete", "payment_status": "paid", "amount_total": 1200,
        "amount_subtotal": 1200, "currency": "usd", "metadata": {}, "livemode": False, "expires_at": 1,
    }  # fmt: skip
    event_id = kept(COMPLETED, **subject)
    assert webhooks.handle(event_id) == "parked"
    return event_id


def payment(cast: Cast) -> tuple[Order, dict[str, Any]]:
    """Bob's open order, and the event that says it was paid."""
    listing = make_offer(cast.alice)
    with step():
        order, _stale = open_order(listing, cast.bob)
    return order, event_body(COMPLETED, session_body(order))
