"""https://docs.stripe.com/api/balance_transactions/object"""

from __future__ import annotations

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

#: https://docs.stripe.com/payouts#payout-schedule: two days until a payment can be paid out
_SETTLES_AFTER = 2 * 24 * 60 * 60


def stripe_fee(amount: int) -> int:
    """2.9% and 30 minor units, rounded half up: https://stripe.com/pricing"""
    return (amount * 29 + 500) // 1000 + 30


def transaction_body(source: Body, *, type: str, amount: int, fee: int, now: int) -> Body:
    """The platform's balance changed by `amount` (negative for a refund) less `fee`, both in minor units."""
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + _SETTLES_AFTER,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [_fee_detail(fee, source["currency"])] if fee else [],
        "net": amount - fee,
        "reporting_category": "refund" if amount < 0 else "charge",
        "source": source["id"],
        "status": "pending",
        "type": type,
    }


def _fee_detail(fee: int, currency: str) -> Body:
    return {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
