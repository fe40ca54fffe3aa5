"""https://docs.stripe.com/api/customers"""

from __future__ import annotations

from storefront.sandbox import news
from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import no_such
from storefront.sandbox.params import Choice, Hash, ListOf, Metadata, Param, Text
from storefront.sandbox.shapes.customers import customer_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_ADDRESS_LINES = ("city", "country", "line1", "line2", "postal_code", "state")
_CREATE: dict[str, Param] = {
    "address": Hash({line: Text() for line in _ADDRESS_LINES}),
    "description": Text(),
    "email": Text(longest=512),
    "metadata": Metadata(),
    "name": Text(longest=256),
    "phone": Text(longest=20),
    "preferred_locales": ListOf(Text()),
    "tax_exempt": Choice(("exempt", "none", "reverse")),
}


@routes.post("/customers", _CREATE)
def create_customer(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/customers/create"""
    if "address" in values:
        values["address"] = dict.fromkeys(_ADDRESS_LINES) | values["address"]
    customer = transaction.add(customer_body(values, now=transaction.now))
    news.record(transaction, "customer.created", customer)
    return customer


@routes.get("/customers/<id>")
def retrieve_customer(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/customers/retrieve"""
    customer = transaction.find("customer", id)
    if customer is None:
        raise no_such("customer", id)
    return customer


@routes.get("/customers", {**PAGING, **CREATED, "email": Text(longest=512)})
def list_customers(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/customers/list"""
    return page(transaction, "customer", "/v1/customers", values, filters=["email"])
