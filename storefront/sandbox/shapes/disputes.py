"""https://docs.stripe.com/api/disputes/object"""

from __future__ import annotations

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

#: What can be told as evidence in words, and as the ids of uploaded files: https://docs.stripe.com/api/disputes/evidence_object
TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
_FILES = (
    "cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
    "refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
)  # fmt: skip
#: https://docs.stripe.com/disputes/categories, as Visa numbers them
_NETWORK_REASONS = {"fraudulent": "10.4", "product_not_received": "13.1"}


def dispute_body(charge: Body, *, amount: int, reason: str, is_inquiry: bool, now: int, due_by: int) -> Body:
    """A dispute of `amount` minor units of a charge, which wants an answer until `due_by`."""
    status = "warning_needs_response" if is_inquiry else "needs_response"
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys((*TEXTS, *_FILES)) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method(charge, reason, is_inquiry=is_inquiry),
        "reason": reason,
        "status": status,
    }


def _method(charge: Body, reason: str, *, is_inquiry: bool) -> Body:
    card = {
        "brand": charge["payment_method_details"]["card"]["brand"],
        "case_type": "inquiry" if is_inquiry else "chargeback",
        "network_reason_code": _NETWORK_REASONS.get(reason),
    }
    return {"type": "card", "card": card}
