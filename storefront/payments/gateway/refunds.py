"""Refunds at Stripe. Amounts are whole minor units. Source: https://docs.stripe.com/api/refunds"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storefront.payments.gateway import call

MOST = 100  # refunds of one payment; Stripe lists no more at once


@dataclass(frozen=True)
class StripeRefund:
    """What Stripe says of a refund. ``status`` is ``pending``, ``requires_action``, ``succeeded``, ``failed`` or
    ``canceled``; ``failure`` is Stripe's word for why it failed."""

    id: str
    status: str
    amount: int
    payment_intent: str | None
    charge: str | None
    metadata: Mapping[str, str]
    failure: str

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> StripeRefund:
        """From Stripe's JSON, of an answer or an event. Raises KeyError or TypeError if it isn't a refund."""
        return cls(
            id=body["id"],
            status=body["status"],
            amount=body["amount"],
            payment_intent=body.get("payment_intent"),
            charge=body.get("charge"),
            metadata=body.get("metadata") or {},
            failure=(body.get("failure_reason") or "").replace("_", " "),
        )


def refund(
    payment_intent: str, *, amount: int, metadata: dict[str, str], from_creator: bool, with_fee: bool, key: str
) -> StripeRefund:
    """Give ``amount`` of a payment back. Asking again with the same key is the same refund.

    ``from_creator`` takes the creator's part out of their account, ``with_fee`` gives back what we kept of it, both in
    proportion, as a destination charge needs it. Source:
    https://docs.stripe.com/connect/destination-charges#issue-refunds
    """
    params: Any = {"payment_intent": payment_intent, "amount": amount, "metadata": metadata}
    if from_creator:
        params["reverse_transfer"] = True
        if with_fee:
            params["refund_application_fee"] = True
    return StripeRefund.from_dict(
        call(lambda client, options: client.v1.refunds.create(params, options), key).to_dict()
    )


def refunds_of(payment_intent: str) -> list[StripeRefund]:
    """Every refund of a payment, the newest first."""
    params: Any = {"payment_intent": payment_intent, "limit": MOST}
    listed = call(lambda client, _options: client.v1.refunds.list(params)).data
    return [StripeRefund.from_dict(each.to_dict()) for each in listed]


def taken_back(payment_intent: str) -> int:
    """What a destination charge has brought back from the creator's account so far: of its transfer, less what of our
    fee went there. Stripe rounds each part its own way, so this is read and never calculated.
    """
    params: Any = {"expand": ["latest_charge.transfer", "latest_charge.application_fee"]}
    intent = call(lambda client, _options: client.v1.payment_intents.retrieve(payment_intent, params)).to_dict()
    charge = intent["latest_charge"]
    fee = charge.get("application_fee")
    return int(charge["transfer"]["amount_reversed"]) - (int(fee["amount_refunded"]) if fee else 0)
