"""Another price in the middle of a period: what it costs now, and from when it is paid.

Source: https://docs.stripe.com/billing/subscriptions/upgrade-downgrade, https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.api.lists import existing
from storefront.sandbox.billing import invoicing, lines, standing, subscribing
from storefront.sandbox.billing.periods import period_end, same_cycle
from storefront.sandbox.errors import StripeError
from storefront.sandbox.store import Body, Transaction


def change(transaction: Transaction, subscription: Body, values: dict[str, Any]) -> Body:
    """Sell another price from now on, and ask for the difference as `proration_behavior` says.

    Raises `StripeError`; 402 if it is to be paid at once, isn't, and `payment_behavior` is "error_if_incomplete".
    """
    if subscription["schedule"]:
        raise StripeError("The subscription is managed by a subscription schedule; release it first.")
    behavior = values.get("proration_behavior", "create_prorations")
    item, price, listed = _planned(transaction, subscription, values)
    resets = not same_cycle(item["price"], price) and subscription["status"] != "trialing"
    now = transaction.now
    item["price"] = price
    if resets:
        subscription["billing_cycle_anchor"] = now
        item |= {"current_period_start": now, "current_period_end": period_end(price, anchor=now, start=now)}
        subscribing.plan_renewal(transaction, subscription)
    transaction.save(item)
    sold = [item if each["id"] == item["id"] else each for each in subscription["items"]["data"]]
    standing.change(transaction, subscription, items={**subscription["items"], "data": sold})
    if not listed:
        return subscription
    if behavior == "create_prorations" and not resets:
        lines.keep_pending(transaction, subscription, listed)
        return subscription
    _ask(transaction, subscription, listed, values)
    return transaction.get("subscription", subscription["id"])


def preview(transaction: Transaction, subscription: Body, values: dict[str, Any]) -> Body:
    """What `change` would ask for, and nothing changes: https://docs.stripe.com/api/invoices/create_preview"""
    now = transaction.now
    if "items" not in values:
        return lines.upcoming(transaction, subscription)
    _, _, listed = _planned(transaction, subscription, values)
    return lines.preview(transaction, subscription, listed, period=(now, now), now=now)


def _planned(transaction: Transaction, subscription: Body, values: dict[str, Any]) -> tuple[Body, Body, list[Body]]:
    """The item as it is, its new price, and the lines that the change makes."""
    [asked] = values["items"] if len(values["items"]) == 1 else [{}]
    item = next((each for each in subscription["items"]["data"] if each["id"] == asked.get("id")), None)
    if item is None or "price" not in asked:
        raise StripeError("Name the subscription item that changes, and its new price.", param="items")
    price = existing(transaction, "price", asked["price"], param="items[0][price]")
    if not price["recurring"] or price["currency"] != subscription["currency"]:
        raise StripeError("The price must recur, in the subscription's currency.", param="items[0][price]")
    item = dict(item)
    at = values.get("proration_date", transaction.now)
    if not item["current_period_start"] <= at <= transaction.now:
        raise StripeError("The proration date must lie in the current period.", param="proration_date")
    prorates = values.get("proration_behavior", "create_prorations") != "none"
    return item, price, _lines(subscription, item, price, at=at, now=transaction.now, prorates=prorates)


def _lines(subscription: Body, item: Body, price: Body, *, at: int, now: int, prorates: bool) -> list[Body]:
    if subscription["status"] == "trialing" or price["id"] == item["price"]["id"]:
        return []
    credit = [lines.unused(item, at=at)] if prorates else []
    if same_cycle(item["price"], price):
        return [*credit, lines.remaining(item, price, at=at)] if prorates else []
    fresh = item | {
        "price": price,
        "current_period_start": now,
        "current_period_end": period_end(price, anchor=now, start=now),
    }
    return [*credit, lines.period(fresh)]


def _ask(transaction: Transaction, subscription: Body, listed: list[Body], values: dict[str, Any]) -> None:
    now = transaction.now
    invoice = invoicing.draft(transaction, subscription, listed, reason="subscription_update", period=(now, now))
    invoicing.finalize(transaction, invoice)
    if invoice["status"] != "open":
        return
    outcome = invoicing.attempt(transaction, invoice)
    if outcome.state != "paid" and values.get("payment_behavior") == "error_if_incomplete":
        raise StripeError(outcome.message, status=402, type="card_error", code=outcome.code)
