"""How a subscription stands: changed here only, so that every change is told.

Source: https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import news
from storefront.sandbox.store import Body, Transaction

OVER = ("canceled", "incomplete_expired")


def change(transaction: Transaction, subscription: Body, **values: Any) -> Body:
    """Give a subscription new values, and tell which ones changed."""
    previous = {name: subscription[name] for name, value in values.items() if subscription[name] != value}
    subscription |= values
    transaction.save(subscription)
    if previous:
        news.record(transaction, "customer.subscription.updated", subscription, previous=previous)
    return subscription


def end(transaction: Transaction, subscription: Body, *, reason: str, details: dict[str, str] | None = None) -> Body:
    """End it now. What it still owed is not asked for any more."""
    if subscription["status"] in OVER:
        return subscription
    told = {name: value for name, value in subscription["cancellation_details"].items() if value}
    subscription |= {
        "status": "canceled",
        "ended_at": transaction.now,
        "canceled_at": subscription["canceled_at"] or transaction.now,
        "cancellation_details": {"comment": None, "feedback": None, "reason": reason} | told | (details or {}),
        "schedule": None,
    }
    transaction.save(subscription)
    news.record(transaction, "customer.subscription.deleted", subscription)
    for invoice in transaction.all("invoice", customer=subscription["customer"]):
        of_it = invoice["parent"]["subscription_details"]["subscription"] == subscription["id"]
        if of_it and invoice["status"] in ("draft", "open"):
            transaction.save(invoice | {"auto_advance": False, "next_payment_attempt": None})
            news.record(transaction, "invoice.updated", transaction.get("invoice", invoice["id"]))
    return subscription


def after_payment(transaction: Transaction, invoice: Body) -> None:
    """Once the latest invoice is paid, all is well again."""
    subscription = of_invoice(transaction, invoice)
    if subscription["status"] in ("past_due", "unpaid") and subscription["latest_invoice"] == invoice["id"]:
        change(transaction, subscription, status="active")


def after_failure(transaction: Transaction, invoice: Body, *, last: bool) -> None:
    """A payment failed. After the last attempt the dial `dunning` says how it ends: "cancel", "unpaid", "past_due".

    Source: https://docs.stripe.com/billing/revenue-recovery/smart-retries#configure-retries
    """
    subscription = of_invoice(transaction, invoice)
    if subscription["status"] in ("active", "trialing"):
        change(transaction, subscription, status="past_due")
    if not last or subscription["status"] in OVER:
        return
    habit = transaction.dial("dunning", "cancel")
    if habit == "cancel":
        end(transaction, subscription, reason="payment_failed")
    elif habit == "unpaid":
        change(transaction, subscription, status="unpaid")


def of_invoice(transaction: Transaction, invoice: Body) -> Body:
    """The subscription that an invoice is for."""
    return transaction.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
