"""What is kept of a customer: the card that is charged, and what they owe or have coming.

Source: https://docs.stripe.com/billing/customer/balance, https://docs.stripe.com/api/customers/delete
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, news
from storefront.sandbox.billing import standing
from storefront.sandbox.errors import no_such
from storefront.sandbox.shapes.portal import balance_change
from storefront.sandbox.store import Body, Transaction


def existing(transaction: Transaction, id: str, *, param: str = "customer") -> Body:
    """A customer that a parameter names. Raises `StripeError` for one that isn't there, or is no more."""
    customer = transaction.find("customer", id)
    if customer is None or customer.get("deleted"):
        raise no_such("customer", id, param=param, status=400)
    return customer


def update(transaction: Transaction, customer: Body, values: dict[str, Any]) -> Body:
    """Change what is known of them: https://docs.stripe.com/api/customers/update"""
    if "metadata" in values:
        values["metadata"] = accounts.merged(customer["metadata"], values["metadata"])
    if "invoice_settings" in values:
        method = values["invoice_settings"].get("default_payment_method")
        if method and transaction.find("payment_method", method) is None:
            raise no_such("PaymentMethod", method, param="invoice_settings[default_payment_method]", status=400)
        values["invoice_settings"] = customer["invoice_settings"] | values["invoice_settings"]
    previous = {name: customer[name] for name in values if customer[name] != values[name]}
    if previous:
        customer |= values
        news.record(transaction, "customer.updated", transaction.save(customer), previous=previous)
    return customer


def delete(transaction: Transaction, customer: Body) -> Body:
    """Forget them; what they subscribed to ends at once."""
    for subscription in transaction.all("subscription", customer=customer["id"]):
        standing.end(transaction, subscription, reason="cancellation_requested")
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    transaction.save(gone)
    news.record(transaction, "customer.deleted", customer)
    return gone


def keep_method(transaction: Transaction, customer: Body, method: Body) -> None:
    """Attach a card to its holder: https://docs.stripe.com/api/payment_methods/attach"""
    if method["customer"] != customer["id"]:
        news.record(transaction, "payment_method.attached", transaction.save(method | {"customer": customer["id"]}))


def replace_method(transaction: Transaction, customer: Body, method: Body) -> None:
    """Charge this card from now on, for everything: https://docs.stripe.com/customer-management#payment-methods"""
    keep_method(transaction, customer, method)
    update(transaction, customer, {"invoice_settings": {"default_payment_method": method["id"]}})
    for subscription in transaction.all("subscription", customer=customer["id"]):
        if subscription["status"] not in standing.OVER:
            standing.change(transaction, subscription, default_payment_method=method["id"])


def change_balance(transaction: Transaction, customer: Body, amount: int, *, type: str, **more: Any) -> Body | None:
    """Let a customer owe `amount` minor units more; a negative amount is to their good. None for nothing."""
    if not amount:
        return None
    if customer["currency"] is None:
        customer["currency"] = more.pop("currency", None) or "usd"
    more.pop("currency", None)
    change = transaction.add(balance_change(customer, amount, type=type, now=transaction.now, **more))
    before = customer["balance"]
    customer["balance"] += amount
    transaction.save(customer)
    news.record(transaction, "customer.updated", customer, previous={"balance": before})
    return change
