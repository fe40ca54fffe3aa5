"""https://docs.stripe.com/api/refunds/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body


def refund_body(charge: Body, amount: int, values: dict[str, Any], *, now: int) -> Body:
    """A refund of `amount` minor units; `values` are the checked parameters."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "destination_details": _destination(charge),
        "metadata": values.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "reason": values.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def _destination(charge: Body) -> Body:
    if charge["payment_method_details"]["type"] != "card":
        return {"type": "us_bank_transfer", "us_bank_transfer": {"reference": None, "reference_status": None}}
    card = {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}
    return {"type": "card", "card": card}
