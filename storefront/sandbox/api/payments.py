"""What a payment left behind: intents, charges and balance transactions, read only.

Source: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/charges,
https://docs.stripe.com/api/balance_transactions
"""

from __future__ import annotations

from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import no_such
from storefront.sandbox.params import Currency, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_CHARGE_FILTERS: dict[str, Param] = {"customer": Text(), "payment_intent": Text(), "transfer_group": Text()}
_BALANCE_FILTERS: dict[str, Param] = {"currency": Currency(), "source": Text(), "type": Text()}


@routes.get("/payment_intents/<id>")
def retrieve_intent(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/payment_intents/retrieve"""
    return _existing(transaction, "payment_intent", id, "intent")


@routes.get("/payment_intents", {**PAGING, **CREATED, "customer": Text()})
def list_intents(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/payment_intents/list"""
    return page(transaction, "payment_intent", "/v1/payment_intents", values, filters=["customer"])


@routes.get("/charges/<id>")
def retrieve_charge(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/charges/retrieve"""
    return _existing(transaction, "charge", id, "charge")


@routes.get("/charges", {**PAGING, **CREATED, **_CHARGE_FILTERS})
def list_charges(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/charges/list"""
    return page(transaction, "charge", "/v1/charges", values, filters=_CHARGE_FILTERS)


@routes.get("/balance_transactions/<id>")
def retrieve_balance_transaction(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/balance_transactions/retrieve"""
    return _existing(transaction, "balance_transaction", id, "id")


@routes.get("/balance_transactions", {**PAGING, **CREATED, **_BALANCE_FILTERS})
def list_balance_transactions(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/balance_transactions/list"""
    return page(transaction, "balance_transaction", "/v1/balance_transactions", values, filters=_BALANCE_FILTERS)


def _existing(transaction: Transaction, kind: str, id: str, param: str) -> Body:
    body = transaction.find(kind, id)
    if body is None:
        raise no_such(kind, id, param=param)
    return body
