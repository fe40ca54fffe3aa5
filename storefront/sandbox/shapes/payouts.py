"""https://docs.stripe.com/api/payouts/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body


def payout_body(values: dict[str, Any], bank: str | None, *, automatic: bool, now: int, arrives: int) -> Body:
    """Money on its way from a balance to a bank; `arrives` in seconds of the clock."""
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": values["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": arrives,
        "automatic": automatic,
        "balance_transaction": None,
        "created": now,
        "currency": values["currency"],
        "description": values.get("description", "STRIPE PAYOUT"),
        "destination": bank,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": values.get("metadata", {}),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": values.get("statement_descriptor"),
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
    }
