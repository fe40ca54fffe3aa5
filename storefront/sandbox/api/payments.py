"""What a payment left behind: intents and charges, read only.

Source: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/api/charges
"""

from __future__ import annotations

from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.params import Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_CHARGE_FILTERS: dict[str, Param] = {"customer": Text(), "payment_intent": Text(), "transfer_group": Text()}


@routes.get("/payment_intents/<id>")
def retrieve_intent(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/payment_intents/retrieve"""
    return existing(transaction, "payment_intent", id, "intent")


@routes.get("/payment_intents", {**PAGING, **CREATED, "customer": Text()})
def list_intents(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/payment_intents/list"""
    return page(transaction, "payment_intent", "/v1/payment_intents", values, filters=["customer"])


@routes.get("/charges/<id>")
def retrieve_charge(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/charges/retrieve"""
    return existing(transaction, "charge", id, "charge")


@routes.get("/charges", {**PAGING, **CREATED, **_CHARGE_FILTERS})
def list_charges(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/charges/list"""
    return page(transaction, "charge", "/v1/charges", values, filters=_CHARGE_FILTERS)
