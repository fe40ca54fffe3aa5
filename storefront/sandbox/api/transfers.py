"""https://docs.stripe.com/api/transfers and https://docs.stripe.com/api/transfer_reversals"""

from __future__ import annotations

from storefront.sandbox import transferring
from storefront.sandbox.api.lists import cut, existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import no_such
from storefront.sandbox.params import Choice, Currency, Flag, Integer, Metadata, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_CREATE: dict[str, Param] = {
    "amount": Integer(required=True, least=1),
    "currency": Currency(required=True),
    "description": Text(),
    "destination": Text(required=True),
    "metadata": Metadata(),
    "source_transaction": Text(),
    "source_type": Choice(("card",)),
    "transfer_group": Text(),
}
_REVERSE: dict[str, Param] = {
    "amount": Integer(least=1),
    "description": Text(),
    "metadata": Metadata(),
    "refund_application_fee": Flag(),
}
_FILTERS: dict[str, Param] = {"destination": Text(), "transfer_group": Text()}


@routes.post("/transfers", _CREATE)
def create_transfer(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/transfers/create"""
    return transferring.send(transaction, values)


@routes.get("/transfers/<id>")
def retrieve_transfer(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/transfers/retrieve"""
    return existing(transaction, "transfer", id)


@routes.post("/transfers/<id>", {"description": Text(), "metadata": Metadata(changes=True)})
def update_transfer(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/transfers/update"""
    return transferring.update(transaction, existing(transaction, "transfer", id), values)


@routes.get("/transfers", {**PAGING, **CREATED, **_FILTERS})
def list_transfers(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/transfers/list"""
    return page(transaction, "transfer", "/v1/transfers", values, filters=_FILTERS)


@routes.post("/transfers/<id>/reversals", _REVERSE)
def create_reversal(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/transfer_reversals/create"""
    return transferring.reverse(transaction, existing(transaction, "transfer", id), values)


@routes.get("/transfers/<id>/reversals", PAGING)
def list_reversals(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/transfer_reversals/list"""
    existing(transaction, "transfer", id)
    found = transaction.all("transfer_reversal", transfer=id)
    return cut(found, f"/v1/transfers/{id}/reversals", values, "transfer_reversal")


@routes.get("/transfers/<id>/reversals/<reversal>")
def retrieve_reversal(transaction: Transaction, values: Values, id: str, reversal: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/transfer_reversals/retrieve"""
    found = existing(transaction, "transfer_reversal", reversal)
    if found["transfer"] != id:
        raise no_such("transfer_reversal", reversal)
    return found
