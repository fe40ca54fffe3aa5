"""Disputes at Stripe. Amounts are whole minor units. Source: https://docs.stripe.com/api/disputes"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storefront.kit.money import Money
from storefront.payments.gateway import call


@dataclass(frozen=True)
class StripeDispute:
    """What Stripe says of a dispute.

    ``withdrawn`` and ``bank_fee`` are what it took from our balance so far, ``reinstated`` and ``fee_returned`` what it
    gave back; None while nothing moved.
    """

    id: str
    status: str
    reason: str
    amount: int
    currency: str
    payment_intent: str | None
    opened_at: datetime
    due_by: datetime | None
    withdrawn: Money | None
    bank_fee: Money | None
    reinstated: Money | None
    fee_returned: Money | None

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> StripeDispute:
        """From Stripe's JSON. Raises KeyError or TypeError if it isn't a dispute."""
        due = (body.get("evidence_details") or {}).get("due_by")
        moved = body["balance_transactions"]
        return cls(
            id=body["id"],
            status=body["status"],
            reason=body["reason"],
            amount=body["amount"],
            currency=body["currency"].upper(),
            payment_intent=body.get("payment_intent"),
            opened_at=datetime.fromtimestamp(body["created"], UTC),
            due_by=datetime.fromtimestamp(due, UTC) if due else None,
            withdrawn=_sum(moved, "amount", -1),
            bank_fee=_sum(moved, "fee", 1),
            reinstated=_sum(moved, "amount", 1),
            fee_returned=_sum(moved, "fee", -1),
        )


def _sum(moved: list[Mapping[str, Any]], name: str, sign: int) -> Money | None:
    """The sum of what has ``sign``, as a positive amount."""
    found = [sign * each[name] for each in moved if sign * each[name] > 0]
    return Money(sum(found), moved[0]["currency"].upper()) if found else None


def retrieve_dispute(dispute_id: str) -> StripeDispute:
    """A dispute as it is now."""
    found = call(lambda client, _options: client.v1.disputes.retrieve(dispute_id))
    return StripeDispute.from_dict(found.to_dict())


def disputes_of(payment_intent: str) -> list[StripeDispute]:
    """The disputes of a payment, the newest first."""
    params: Any = {"payment_intent": payment_intent, "limit": 100}
    listed = call(lambda client, _options: client.v1.disputes.list(params)).data
    return [StripeDispute.from_dict(each.to_dict()) for each in listed]


def latest_disputes(since: datetime) -> list[StripeDispute]:
    """The disputes that were opened at ``since`` or later, the newest first, a hundred at most."""
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
    listed = call(lambda client, _options: client.v1.disputes.list(params)).data
    return [StripeDispute.from_dict(each.to_dict()) for each in listed]


def answer_dispute(dispute_id: str, evidence: dict[str, str], *, key: str) -> StripeDispute:
    """Hand in evidence, by Stripe's names. It can be done once. Asking again with the same key does nothing more.

    Source: https://docs.stripe.com/api/disputes/update
    """
    params: Any = {"evidence": evidence, "submit": True}
    made = call(lambda client, options: client.v1.disputes.update(dispute_id, params, options), key)
    return StripeDispute.from_dict(made.to_dict())


def give_in(dispute_id: str, *, key: str) -> StripeDispute:
    """Let the buyer's bank have it: the dispute is lost. Source: https://docs.stripe.com/api/disputes/close"""
    made = call(lambda client, options: client.v1.disputes.close(dispute_id, {}, options), key)
    return StripeDispute.from_dict(made.to_dict())
