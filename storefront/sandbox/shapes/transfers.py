"""https://docs.stripe.com/api/transfers/object, https://docs.stripe.com/api/transfer_reversals/object, and the payment
that a transfer is for whoever gets it: https://docs.stripe.com/connect/separate-charges-and-transfers
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.charges import APPROVED
from storefront.sandbox.shapes.methods import billing_details
from storefront.sandbox.store import Body


def transfer_body(values: dict[str, Any], *, now: int) -> Body:
    """Money on its way to a connected account, from checked parameters."""
    id = new_id("tr")
    return {
        "id": id,
        "object": "transfer",
        "amount": values["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": now,
        "currency": values["currency"],
        "description": values.get("description"),
        "destination": values["destination"],
        "livemode": False,
        "metadata": values.get("metadata", {}),
        "reversals": reversals([], id),
        "reversed": False,
        "source_transaction": values.get("source_transaction"),
        "source_type": "card",
        "transfer_group": values.get("transfer_group"),
    }


def reversals(data: list[Body], transfer: str) -> Body:
    """The latest ten reversals, newest first, as a transfer carries them."""
    url = f"/v1/transfers/{transfer}/reversals"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def reversal_body(transfer: Body, amount: int, values: dict[str, Any], *, now: int) -> Body:
    """A part of a transfer that comes back, in minor units."""
    return {
        "id": new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": now,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": values.get("metadata", {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def payment_body(transfer: Body, *, now: int) -> Body:
    """What a transfer is on the account that gets it: a charge whose id starts with `py_`."""
    return {
        "id": new_id("py"),
        "object": "charge",
        "amount": transfer["amount"],
        "amount_captured": transfer["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": billing_details(None, None),
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": now,
        "currency": transfer["currency"],
        "customer": None,
        "description": transfer["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "on_behalf_of": None,
        "outcome": APPROVED | {"risk_level": "not_assessed", "risk_score": 0, "network_status": "not_sent_to_network"},
        "paid": True,
        "payment_intent": None,
        "payment_method": None,
        "payment_method_details": {"type": "stripe_account", "stripe_account": {}},
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": transfer["id"],
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": transfer["transfer_group"],
    }


def payment_refund_body(payment: Body, amount: int, *, now: int) -> Body:
    """What a reversal is on the account that gives back: a refund whose id starts with `pyr_`."""
    return {
        "id": new_id("pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": payment["id"],
        "created": now,
        "currency": payment["currency"],
        "metadata": {},
        "payment_intent": None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
