"""https://docs.stripe.com/api/products"""

from __future__ import annotations

from storefront.sandbox import accounts, news
from storefront.sandbox.api.lists import existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import StripeError
from storefront.sandbox.ids import new_id
from storefront.sandbox.params import Flag, ListOf, Metadata, Param, Text, Url
from storefront.sandbox.shapes.products import product_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_OWN: dict[str, Param] = {
    "active": Flag(),
    "description": Text(),
    "images": ListOf(Url(), 8),
    "name": Text(longest=250),
    "tax_code": Text(),
    "unit_label": Text(longest=12),
}


@routes.post("/products", {**_OWN, "id": Text(), "metadata": Metadata(), "name": Text(required=True, longest=250)})
def create_product(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/products/create; an `id` of one's own is taken."""
    id = values.get("id", "")
    if id and transaction.find("product", id):
        raise StripeError("Product already exists.", code="resource_already_exists", param="id")
    made = product_body(id or new_id("prod", 14), values, now=transaction.now, active=values.get("active", True))
    transaction.add(made)
    news.record(transaction, "product.created", made)
    return made


@routes.get("/products/<id>")
def retrieve_product(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/products/retrieve"""
    return existing(transaction, "product", id)


@routes.post("/products/<id>", {**_OWN, "metadata": Metadata(changes=True)})
def update_product(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/products/update"""
    product = existing(transaction, "product", id)
    if "metadata" in values:
        values["metadata"] = accounts.merged(product["metadata"], values["metadata"])
    previous = {name: product[name] for name in values if product[name] != values[name]}
    if previous:
        transaction.save(product | values | {"updated": transaction.now})
        product = existing(transaction, "product", id)
        news.record(transaction, "product.updated", product, previous=previous)
    return product


@routes.get("/products", {**PAGING, **CREATED, "active": Flag(), "ids": ListOf(Text())})
def list_products(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/products/list"""
    ids = values.get("ids")
    return page(
        transaction, "product", "/v1/products", values, lambda body: ids is None or body["id"] in ids, ["active"]
    )
