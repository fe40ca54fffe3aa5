"""What somebody has at Stripe, and how it goes to their bank; with `Stripe-Account` that account's.

Source: https://docs.stripe.com/api/balance, https://docs.stripe.com/api/balance_transactions,
https://docs.stripe.com/api/payouts, https://docs.stripe.com/connect/account-balances
"""

from __future__ import annotations

from storefront.sandbox import booking, payouts
from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.params import Choice, Currency, Integer, Metadata, Param, Text, TimeRange
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_FILTERS: dict[str, Param] = {"currency": Currency(), "source": Text(), "type": Text()}
_PAYOUT: dict[str, Param] = {
    "amount": Integer(required=True, least=1),
    "currency": Currency(required=True),
    "description": Text(),
    "metadata": Metadata(),
    "method": Choice(("standard",)),
    "source_type": Choice(("card",)),
    "statement_descriptor": Text(longest=22),
}
_PAYOUT_FILTERS: dict[str, Param] = {"destination": Text(), "status": Choice(("failed", "in_transit", "paid"))}


@routes.get("/balance")
def retrieve_balance(transaction: Transaction, values: Values) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/balance/balance_retrieve"""
    if not transaction.account:
        return booking.balance(transaction)
    return booking.balance(transaction, transaction.get("account", transaction.account)["default_currency"])


@routes.get("/balance_transactions/<id>")
def retrieve_balance_transaction(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/balance_transactions/retrieve"""
    return existing(transaction, "balance_transaction", id)


@routes.get("/balance_transactions", {**PAGING, **CREATED, **_FILTERS})
def list_balance_transactions(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/balance_transactions/list"""
    return page(transaction, "balance_transaction", "/v1/balance_transactions", values, filters=_FILTERS)


@routes.post("/payouts", _PAYOUT)
def create_payout(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/payouts/create"""
    return payouts.create(transaction, values)


@routes.get("/payouts/<id>")
def retrieve_payout(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/payouts/retrieve"""
    return existing(transaction, "payout", id, "payout")


@routes.get("/payouts", {**PAGING, **CREATED, **_PAYOUT_FILTERS, "arrival_date": TimeRange()})
def list_payouts(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/payouts/list"""
    return page(transaction, "payout", "/v1/payouts", values, filters=_PAYOUT_FILTERS)
