"""Events: each change is recorded with the object as it was at that moment, and addressed to every endpoint.

Source: https://docs.stripe.com/api/events/object, https://docs.stripe.com/webhooks,
https://docs.stripe.com/connect/webhooks
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import API_VERSION
from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body, Transaction


def record(transaction: Transaction, type: str, subject: Body, *, previous: dict[str, Any] | None = None) -> Body:
    """Record that `type` happened to `subject` and queue its deliveries; `previous` are the old values.

    What happens on a connected account says so: https://docs.stripe.com/connect/webhooks
    """
    endpoints = endpoints_for(transaction, type, account=transaction.account)
    data: dict[str, Any] = {"object": subject}
    if previous is not None:
        data["previous_attributes"] = previous
    whose = {"account": transaction.account} if transaction.account else {}
    event = transaction.add(
        whose
        | {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": transaction.now,
            "data": data,
            "livemode": False,
            "pending_webhooks": len(endpoints),
            "request": {
                "id": transaction.origin.request_id,
                "idempotency_key": transaction.origin.idempotency_key,
            },
            "type": type,
        }
    )
    for endpoint in endpoints:
        address(transaction, event["id"], endpoint["id"])
    transaction.announced = True
    return event


def endpoints_for(transaction: Transaction, type: str, *, account: str) -> list[Body]:
    """The endpoints that want events of a type: Connect's those of connected accounts, the others the platform's."""
    endpoints = transaction.all("webhook_endpoint")
    return [each for each in endpoints if _wants(each, type) and (each["application"] is not None) == bool(account)]


def address(transaction: Transaction, event_id: str, endpoint_id: str) -> None:
    """Queue the deliveries of one event to one endpoint, as the control room's webhook dials say."""
    copies = transaction.copies * transaction.dial("copies", 1)
    late = transaction.late + transaction.dial("late", 0)
    for _ in range(copies):
        queue(transaction, event_id, endpoint_id, state=_state(transaction), due_at=transaction.now + late)


def queue(transaction: Transaction, event_id: str, endpoint_id: str, *, state: str, due_at: float) -> None:
    """Queue one delivery."""
    transaction.sql(
        "INSERT INTO deliveries (event, endpoint, state, due_at) VALUES (?, ?, ?, ?)",
        event_id, endpoint_id, state, due_at,
    )  # fmt: skip
    transaction.announced = True


def _state(transaction: Transaction) -> str:
    to_drop = transaction.dial("drop", 0)
    if to_drop:
        transaction.turn("drop", to_drop - 1)
        return "dropped"
    return "held" if transaction.dial("hold", False) else "waiting"


def _wants(endpoint: Body, type: str) -> bool:
    return endpoint["status"] == "enabled" and bool({"*", type} & set(endpoint["enabled_events"]))
