"""What Stripe would say of a session, for tests that need no Stripe to say it."""

from __future__ import annotations

from typing import Any

from storefront.checkout.models import Order
from storefront.checkout.services import identity
from storefront.kit import clock
from storefront.kit.ids import token


def session_body(order: Order, **changed: Any) -> dict[str, Any]:
    """A paid Checkout session of ``order``, as JSON; ``changed`` replaces fields."""
    paid = changed.get("amount_total", order.price)
    body = {
        "id": order.session_id or f"cs_test_{token(24)}",
        "object": "checkout.session",
        "url": None,
        "status": "complete",
        "payment_status": "paid",
        "amount_total": paid,
        "amount_subtotal": paid,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "currency": order.currency.lower(),
        "payment_intent": f"pi_{token(24)}",
        "metadata": identity(order),
        "livemode": False,
        "expires_at": int(clock.now().timestamp()) + 3600,
    }
    return {**body, **changed}


def event_body(kind: str, subject: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An event about ``subject``, as JSON."""
    body = {
        "id": f"evt_{token(24)}",
        "object": "event",
        "type": kind,
        "api_version": "2026-05-27.dahlia",
        "created": int(clock.now().timestamp()),
        "livemode": False,
        "data": {"object": subject},
    }
    return {**body, **changed}
