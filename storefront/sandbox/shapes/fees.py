"""https://docs.stripe.com/api/application_fees/object and https://docs.stripe.com/api/fee_refunds/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.endpoints import APPLICATION
from storefront.sandbox.store import Body


def fee_body(charge: Body, payment: str, account: str, amount: int, *, now: int) -> Body:
    """What the platform keeps of a destination charge, in minor units; `payment` is what the account got."""
    id = new_id("fee")
    return {
        "id": id,
        "object": "application_fee",
        "account": account,
        "amount": amount,
        "amount_refunded": 0,
        "application": APPLICATION,
        "balance_transaction": None,
        "charge": payment,
        "created": now,
        "currency": charge["currency"],
        "fee_source": {"type": "charge", "charge": payment},
        "livemode": False,
        "originating_transaction": charge["id"],
        "refunded": False,
        "refunds": refunds([], id),
    }


def refunds(data: list[Body], fee: str) -> Body:
    """The latest ten refunds of a fee, newest first."""
    url = f"/v1/application_fees/{fee}/refunds"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def fee_refund_body(fee: Body, amount: int, values: dict[str, Any], *, now: int) -> Body:
    """A part of a fee that goes back to the account, in minor units."""
    return {
        "id": new_id("fr"),
        "object": "fee_refund",
        "amount": amount,
        "balance_transaction": None,
        "created": now,
        "currency": fee["currency"],
        "fee": fee["id"],
        "metadata": values.get("metadata", {}),
    }
