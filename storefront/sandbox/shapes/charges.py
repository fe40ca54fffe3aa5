"""https://docs.stripe.com/api/charges/object"""

from __future__ import annotations

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "risk_score": 12,
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def declined_outcome(decline: str) -> Body:
    """https://docs.stripe.com/declines: the bank said no."""
    return APPROVED | {
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": decline,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def charge_body(intent: Body, method: Body, details: Body, *, now: int, base_url: str) -> Body:
    """A charge of the whole intent, still pending; the verbs of `paying` say how it ends."""
    id = new_id("ch")
    return {
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": intent["application_fee_amount"],
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": intent["statement_descriptor"] or "SANDBOX",
        "captured": False,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{base_url}/receipts/{id}",
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": _transfer_data(intent),
        "transfer_group": intent["transfer_group"],
    }


def _transfer_data(intent: Body) -> Body | None:
    data = intent["transfer_data"]
    return {"amount": data.get("amount"), "destination": data["destination"]} if data else None
