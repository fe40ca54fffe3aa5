"""https://docs.stripe.com/api/balance_transactions/object and https://docs.stripe.com/api/balance/balance_object"""

from __future__ import annotations

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

#: https://docs.stripe.com/payouts#payout-schedule: two days until a payment can be paid out
SETTLES_AFTER = 2 * 24 * 60 * 60
#: https://docs.stripe.com/reports/reporting-categories, where it isn't the type's own name
_CATEGORIES = {
    "adjustment": "dispute",
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "payment": "charge",
    "payment_refund": "refund",
    "payout_failure": "payout_reversal",
    "transfer_refund": "transfer_reversal",
}
_FEES = {"stripe_fee": "Stripe processing fees", "application_fee": "Application fee", "dispute": "Dispute fee"}


def stripe_fee(amount: int) -> int:
    """2.9% and 30 minor units, rounded half up: https://stripe.com/pricing"""
    return (amount * 29 + 500) // 1000 + 30


def transaction_body(
    source: Body, *, type: str, amount: int, fee: int, fee_is: str = "stripe_fee", now: int, available_on: int
) -> Body:
    """A balance changed by `amount` (negative when money left) less `fee`, both in minor units.

    `fee_is` says whose fee: "stripe_fee", "application_fee", or "dispute" for Stripe's dispute fee. A negative fee
    was given back.
    """
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [_fee_detail(fee, fee_is, source["currency"])] if fee else [],
        "net": amount - fee,
        "reporting_category": _category(type, amount),
        "source": source["id"],
        "status": "pending" if available_on > now else "available",
        "type": type,
    }


def balance_body(sums: dict[str, dict[str, int]], default_currency: str) -> Body:
    """A balance from minor units by state ("available", "pending") and currency."""
    return {
        "object": "balance",
        "available": _amounts(sums.get("available", {}), default_currency),
        "livemode": False,
        "pending": _amounts(sums.get("pending", {}), default_currency),
        "refund_and_dispute_prefunding": {
            "available": [{"amount": 0, "currency": default_currency}],
            "pending": [{"amount": 0, "currency": default_currency}],
        },
    }


def _amounts(sums: dict[str, int], default_currency: str) -> list[Body]:
    """One entry a currency; a balance that never held anything says so in its default currency."""
    found = sums or {default_currency: 0}
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in sorted(found.items())
    ]


def _category(type: str, amount: int) -> str:
    if type == "adjustment" and amount > 0:
        return "dispute_reversal"
    return _CATEGORIES.get(type, type)


def _fee_detail(fee: int, fee_is: str, currency: str) -> Body:
    return {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": _FEES[fee_is],
        "type": "application_fee" if fee_is == "application_fee" else "stripe_fee",
    }
