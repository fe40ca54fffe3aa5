"""https://docs.stripe.com/api/customers, their cards and their balance"""

from __future__ import annotations

from storefront.sandbox import news
from storefront.sandbox.api.lists import cut, existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.billing import customers
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.params import Choice, Currency, Hash, Integer, ListOf, Metadata, Param, Text
from storefront.sandbox.shapes.customers import customer_body
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_ADDRESS_LINES = ("city", "country", "line1", "line2", "postal_code", "state")
_OWN: dict[str, Param] = {
    "address": Hash({line: Text() for line in _ADDRESS_LINES}),
    "description": Text(),
    "email": Text(longest=512),
    "name": Text(longest=256),
    "phone": Text(longest=20),
    "preferred_locales": ListOf(Text()),
    "tax_exempt": Choice(("exempt", "none", "reverse")),
}
_SETTINGS: dict[str, Param] = {"default_payment_method": Text()}


@routes.post("/customers", {**_OWN, "metadata": Metadata()})
def create_customer(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/customers/create"""
    if "address" in values:
        values["address"] = dict.fromkeys(_ADDRESS_LINES) | values["address"]
    customer = transaction.add(customer_body(values, now=transaction.now))
    news.record(transaction, "customer.created", customer)
    return customer


@routes.get("/customers/<id>")
def retrieve_customer(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/customers/retrieve; of one that was deleted only that is told."""
    return existing(transaction, "customer", id)


@routes.post("/customers/<id>", {**_OWN, "metadata": Metadata(changes=True), "invoice_settings": Hash(_SETTINGS)})
def update_customer(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/customers/update"""
    if "address" in values:
        values["address"] = dict.fromkeys(_ADDRESS_LINES) | values["address"]
    return customers.update(transaction, _known(transaction, id), values)


@routes.delete("/customers/<id>")
def delete_customer(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/customers/delete"""
    return customers.delete(transaction, _known(transaction, id))


@routes.get("/customers", {**PAGING, **CREATED, "email": Text(longest=512)})
def list_customers(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/customers/list"""
    return page(
        transaction, "customer", "/v1/customers", values, lambda body: not body.get("deleted"), filters=["email"]
    )


@routes.get("/customers/<id>/payment_methods", {**PAGING, "type": Choice(("card",))})
def list_customer_methods(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/payment_methods/customer_list"""
    found = transaction.all("payment_method", customer=_known(transaction, id)["id"])
    return cut(found, f"/v1/customers/{id}/payment_methods", values, "payment_method")


@routes.get("/payment_methods/<id>")
def retrieve_method(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/payment_methods/retrieve"""
    return existing(transaction, "payment_method", id)


@routes.post(
    "/customers/<id>/balance_transactions",
    {
        "amount": Integer(required=True), "currency": Currency(required=True), "description": Text(longest=350),
        "metadata": Metadata(),
    },
)  # fmt: skip
def change_customer_balance(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/customer_balance_transactions/create; a negative amount is to their good."""
    customer = _known(transaction, id)
    if customer["currency"] not in (None, values["currency"]):
        raise StripeError("The customer's balance is kept in another currency.", param="currency")
    made = customers.change_balance(
        transaction, customer, values["amount"], type="adjustment", currency=values["currency"],
        description=values.get("description"),
    )  # fmt: skip
    if made is None:
        raise StripeError("The amount must not be zero.", param="amount")
    return transaction.save(made | {"metadata": values.get("metadata", {})})


@routes.get("/customers/<id>/balance_transactions", PAGING)
def list_customer_balance(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/customer_balance_transactions/list"""
    found = transaction.all("customer_balance_transaction", customer=_known(transaction, id)["id"])
    return cut(found, f"/v1/customers/{id}/balance_transactions", values, "customer_balance_transaction")


def _known(transaction: Transaction, id: str) -> Body:
    customer = existing(transaction, "customer", id)
    if customer.get("deleted"):
        raise no_such("customer", id)
    return customer
