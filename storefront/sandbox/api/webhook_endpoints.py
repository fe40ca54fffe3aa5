"""https://docs.stripe.com/api/webhook_endpoints"""

from __future__ import annotations

from storefront.sandbox import API_VERSION, accounts
from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import PAGING, Routes, Values
from storefront.sandbox.delivery import forget_endpoint
from storefront.sandbox.errors import no_such
from storefront.sandbox.ids import new_id
from storefront.sandbox.params import Choice, Flag, ListOf, Metadata, Param, Text, Url
from storefront.sandbox.shapes.endpoints import endpoint_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_CREATE: dict[str, Param] = {
    "api_version": Choice((API_VERSION,)),
    "connect": Flag(),
    "description": Text(),
    "enabled_events": ListOf(Text(), required=True),
    "metadata": Metadata(),
    "url": Url(required=True),
}


@routes.post("/webhook_endpoints", _CREATE)
def create_endpoint(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/webhook_endpoints/create; the secret is in this answer only."""
    secret = new_id("whsec", 32)
    endpoint = transaction.add(endpoint_body(values, now=transaction.now), secret=secret)
    return endpoint | {"secret": secret}


@routes.get("/webhook_endpoints/<id>")
def retrieve_endpoint(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/webhook_endpoints/retrieve"""
    return _endpoint(transaction, id)


@routes.post(
    "/webhook_endpoints/<id>",
    {
        "description": Text(), "enabled_events": ListOf(Text()), "metadata": Metadata(changes=True), "url": Url(),
    },
)  # fmt: skip
def update_endpoint(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/webhook_endpoints/update"""
    endpoint = _endpoint(transaction, id)
    if "metadata" in values:
        values["metadata"] = accounts.merged(endpoint["metadata"], values["metadata"])
    return transaction.save(endpoint | values)


@routes.get("/webhook_endpoints", PAGING)
def list_endpoints(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/webhook_endpoints/list"""
    return page(transaction, "webhook_endpoint", "/v1/webhook_endpoints", values)


@routes.delete("/webhook_endpoints/<id>")
def delete_endpoint(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/webhook_endpoints/delete; what waits for it is dropped."""
    _endpoint(transaction, id)
    forget_endpoint(transaction, id)
    return {"id": id, "object": "webhook_endpoint", "deleted": True}


def _endpoint(transaction: Transaction, id: str) -> Body:
    endpoint = transaction.find("webhook_endpoint", id)
    if endpoint is None:
        raise no_such("webhook endpoint", id)
    return endpoint
