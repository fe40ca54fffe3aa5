"""What a shop asks of Checkout."""

from __future__ import annotations

from typing import Any

from tests.sandbox.conftest import Client

SUCCESS = "http://shop.test/checkout/success?session_id={CHECKOUT_SESSION_ID}"
CANCEL = "http://shop.test/checkout/cancel"

#: What hangs on a session.
_EVERYTHING = ["payment_intent.latest_charge.balance_transaction", "payment_intent.payment_method"]


def order(amount: int = 2400, currency: str = "usd", **more: Any) -> dict[str, Any]:
    """Parameters of a session for one thing; `more` adds or replaces."""
    return {
        "mode": "payment",
        "line_items": [line(amount, currency)],
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "customer_email": "bob@example.com",
        "metadata": {"type": "listing_purchase", "order": "ord_1"},
    } | more


def line(amount: int = 2400, currency: str = "usd", quantity: int = 1, name: str = "Interview Room") -> dict[str, Any]:
    """One line item with an inline price."""
    product = {
        "name": name,
        "description": "Version 3.2",
        "images": ["http://shop.test/covers/interview-room.webp"],
    }
    price = {"currency": currency, "unit_amount": amount, "product_data": product}
    return {"quantity": quantity, "price_data": price}


def opened(client: Client, **more: Any) -> Any:
    """A session that was just opened."""
    return client.v1.checkout.sessions.create(order(**more))


def looked_up(client: Client, id: str) -> Any:
    """A session as it is now, with all that hangs on it."""
    return client.v1.checkout.sessions.retrieve(id, {"expand": _EVERYTHING})
