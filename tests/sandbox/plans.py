"""What a shop sells by subscription, and somebody who subscribes."""

from __future__ import annotations

from typing import Any

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import SUCCESS

DAY = 24 * 60 * 60
HOUR = 60 * 60
AT_RENEWAL = "4000000000000341"


def price(client: Client, amount: int = 900, interval: str = "month", product: str = "Pro") -> Any:
    """A recurring price of a product of its own."""
    made = client.v1.products.create({"name": product})
    recurring = {"interval": interval}
    return client.v1.prices.create(
        {"product": made.id, "currency": "usd", "unit_amount": amount, "recurring": recurring}
    )


def asked(client: Client, sold: Any, **more: Any) -> Any:
    """A session that subscribes to a price."""
    wanted: dict[str, Any] = {
        "mode": "subscription",
        "line_items": [{"price": sold.id, "quantity": 1}],
        "success_url": SUCCESS,
        "customer_email": "bob@example.com",
    }
    return client.v1.checkout.sessions.create(wanted | more)


def subscribed(client: Client, sandbox: RunningSandbox, sold: Any, card: str = "4242424242424242", **more: Any) -> Any:
    """The subscription that bob began with this card."""
    session = asked(client, sold, **more)
    assert deed(sandbox, f"sessions/{session.id}/pay", card=card).json()["state"] == "paid"
    found = client.v1.checkout.sessions.retrieve(session.id)
    return client.v1.subscriptions.retrieve(found.subscription)


def wait(sandbox: RunningSandbox, seconds: int) -> None:
    """Let time pass at Stripe."""
    assert deed(sandbox, "clock", advance=seconds).status_code == 200


def wait_for_end(sandbox: RunningSandbox, subscription: Any, after: int = 0) -> None:
    """Let time pass to `after` seconds past the end of the subscription's period."""
    end = subscription["items"].data[0].current_period_end
    wait(sandbox, end - look(sandbox, "clock")["now"] + after)


def types(client: Client, *beginnings: str) -> list[str]:
    """What happened, oldest first: the types that begin so."""
    found = client.v1.events.list({"limit": 100}).data
    return [each.type for each in reversed(found) if each.type.startswith(beginnings)]
