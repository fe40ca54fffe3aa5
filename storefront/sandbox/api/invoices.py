"""https://docs.stripe.com/api/invoices and https://docs.stripe.com/api/invoice-payment"""

from __future__ import annotations

from storefront.sandbox.api.lists import cut, existing, page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.api.subscriptions import CHANGE
from storefront.sandbox.billing import changing, invoicing
from storefront.sandbox.errors import missing
from storefront.sandbox.params import Choice, Flag, Hash, Param, Text
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_PAYMENT: dict[str, Param] = {"payment_intent": Text(), "type": Choice(("payment_intent",), required=True)}


@routes.get("/invoices/<id>")
def retrieve_invoice(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/invoices/retrieve"""
    return existing(transaction, "invoice", id)


@routes.get(
    "/invoices",
    {
        **PAGING, **CREATED, "customer": Text(), "status": Choice(("draft", "open", "paid", "uncollectible", "void")),
        "subscription": Text(),
    },
)  # fmt: skip
def list_invoices(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/invoices/list"""
    asked = values.get("subscription")

    def wanted(body: Body) -> bool:
        return asked is None or body["parent"]["subscription_details"]["subscription"] == asked

    return page(transaction, "invoice", "/v1/invoices", values, wanted, filters=["customer", "status"])


@routes.get("/invoices/<id>/lines", PAGING)
def list_invoice_lines(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/invoice-line-item/retrieve"""
    return cut(existing(transaction, "invoice", id)["lines"]["data"], f"/v1/invoices/{id}/lines", values, "line_item")


@routes.post("/invoices/<id>/pay", {"payment_method": Text(), "off_session": Flag()})
def pay_invoice(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/invoices/pay"""
    if "payment_method" in values:
        existing(transaction, "payment_method", values["payment_method"], param="payment_method")
    return invoicing.pay(transaction, existing(transaction, "invoice", id), values)


@routes.post("/invoices/<id>/void")
def void_invoice(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/invoices/void"""
    return invoicing.void(transaction, existing(transaction, "invoice", id))


@routes.post("/invoices/<id>/mark_uncollectible")
def mark_invoice_uncollectible(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/invoices/mark_uncollectible"""
    return invoicing.mark_uncollectible(transaction, existing(transaction, "invoice", id))


@routes.post(
    "/invoices/create_preview",
    {"customer": Text(), "subscription": Text(required=True), "subscription_details": Hash(CHANGE)},
)
def preview_invoice(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/invoices/create_preview"""
    subscription = existing(transaction, "subscription", values["subscription"], param="subscription")
    return changing.preview(transaction, subscription, values.get("subscription_details", {}))


@routes.get(
    "/invoice_payments", {**PAGING, "invoice": Text(), "payment": Hash(_PAYMENT), "status": Choice(("open", "paid"))}
)
def list_invoice_payments(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/invoice-payment/list: the way from a charge's intent to its invoice"""
    asked = values.get("payment")
    if asked and "payment_intent" not in asked:
        raise missing("payment[payment_intent]")

    def wanted(body: Body) -> bool:
        return asked is None or body["payment"]["payment_intent"] == asked["payment_intent"]

    return page(transaction, "invoice_payment", "/v1/invoice_payments", values, wanted, filters=["invoice", "status"])
