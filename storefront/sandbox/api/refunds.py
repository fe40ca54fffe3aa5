"""https://docs.stripe.com/api/refunds"""

from __future__ import annotations

from storefront.sandbox import refunding
from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import no_such
from storefront.sandbox.params import Choice, Flag, Integer, Metadata, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_CREATE: dict[str, Param] = {
    "amount": Integer(least=1),
    "charge": Text(),
    "metadata": Metadata(),
    "payment_intent": Text(),
    "reason": Choice(("duplicate", "fraudulent", "requested_by_customer")),
    "refund_application_fee": Flag(),
    "reverse_transfer": Flag(),
}
_FILTERS: dict[str, Param] = {"charge": Text(), "payment_intent": Text()}


@routes.post("/refunds", _CREATE)
def create_refund(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/refunds/create"""
    return refunding.refund(transaction, values)


@routes.get("/refunds/<id>")
def retrieve_refund(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/refunds/retrieve"""
    refund = transaction.find("refund", id)
    if refund is None:
        raise no_such("refund", id)
    return refund


@routes.post("/refunds/<id>", {"metadata": Metadata(changes=True)})
def update_refund(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/refunds/update"""
    refund = transaction.find("refund", id)
    if refund is None:
        raise no_such("refund", id)
    return refunding.update(transaction, refund, values)


@routes.get("/refunds", {**PAGING, **CREATED, **_FILTERS})
def list_refunds(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/refunds/list"""
    return page(transaction, "refund", "/v1/refunds", values, filters=_FILTERS)
