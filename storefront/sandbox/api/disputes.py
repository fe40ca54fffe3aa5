"""https://docs.stripe.com/api/disputes"""

from __future__ import annotations

from storefront.sandbox import disputing
from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import StripeError
from storefront.sandbox.params import Flag, Hash, Metadata, Param, Text
from storefront.sandbox.shapes.disputes import TEXTS
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_UPDATE: dict[str, Param] = {
    "evidence": Hash({name: Text(longest=20000) for name in TEXTS}),
    "metadata": Metadata(changes=True),
    "submit": Flag(),
}
_FILTERS: dict[str, Param] = {"charge": Text(), "payment_intent": Text()}


@routes.get("/disputes/<id>")
def retrieve_dispute(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/disputes/retrieve"""
    return existing(transaction, "dispute", id, "dispute")


@routes.get("/disputes", {**PAGING, **CREATED, **_FILTERS})
def list_disputes(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/disputes/list"""
    return page(transaction, "dispute", "/v1/disputes", values, filters=_FILTERS)


@routes.post("/disputes/<id>", _UPDATE)
def update_dispute(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/disputes/update"""
    return disputing.answer(transaction, existing(transaction, "dispute", id, "dispute"), values)


@routes.post("/disputes/<id>/close")
def close_dispute(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/disputes/close: the platform gives in."""
    dispute = existing(transaction, "dispute", id, "dispute")
    if dispute["status"] != "needs_response":
        raise StripeError("This dispute is already closed.", param="dispute")
    disputing.close(transaction, dispute, won=False)
    return dispute
