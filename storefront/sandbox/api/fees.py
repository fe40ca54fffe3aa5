"""https://docs.stripe.com/api/application_fees and https://docs.stripe.com/api/fee_refunds"""

from __future__ import annotations

from storefront.sandbox import fees
from storefront.sandbox.api.lists import cut, existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.params import Integer, Metadata, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()


@routes.get("/application_fees/<id>")
def retrieve_fee(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/application_fees/retrieve"""
    return existing(transaction, "application_fee", id)


@routes.get("/application_fees", {**PAGING, **CREATED, "charge": Text()})
def list_fees(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/application_fees/list; `charge` is what the account got."""
    return page(transaction, "application_fee", "/v1/application_fees", values, filters=["charge"])


@routes.post("/application_fees/<id>/refunds", {"amount": Integer(least=1), "metadata": Metadata()})
def create_fee_refund(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/fee_refunds/create"""
    return fees.refund(transaction, existing(transaction, "application_fee", id), values)


@routes.get("/application_fees/<id>/refunds", PAGING)
def list_fee_refunds(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/fee_refunds/list"""
    existing(transaction, "application_fee", id)
    return cut(transaction.all("fee_refund", fee=id), f"/v1/application_fees/{id}/refunds", values, "fee_refund")
