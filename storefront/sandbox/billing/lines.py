"""What an invoice asks for: whole periods, and the parts of one that a change of price leaves.

Source: https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from fractions import Fraction

from storefront.sandbox.billing.periods import period_end
from storefront.sandbox.currencies import money_text
from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.invoices import invoice_body, line_body
from storefront.sandbox.store import Body, Transaction


def period(item: Body) -> Body:
    """The whole period that an item is in."""
    price, quantity = item["price"], item["quantity"]
    every = price["recurring"]["interval"]
    text = f"{quantity} × {price['product']} (at {money_text(price['unit_amount'], price['currency'])} / {every})"
    start, end = item["current_period_start"], item["current_period_end"]
    return line_body(item, price, price["unit_amount"] * quantity, text, start=start, end=end)


def trial(item: Body) -> Body:
    """A period that costs nothing."""
    start, end = item["current_period_start"], item["current_period_end"]
    return line_body(item, item["price"], 0, f"Trial period for {item['price']['product']}", start=start, end=end)


def unused(item: Body, *, at: int) -> Body:
    """The credit for what is left of an item's period, from `at`."""
    return _part(item, item["price"], -1, "Unused time on", at=at)


def remaining(item: Body, price: Body, *, at: int) -> Body:
    """What another price costs for the rest of an item's period, from `at`."""
    return _part(item, price, 1, "Remaining time on", at=at)


def _part(item: Body, price: Body, sign: int, words: str, *, at: int) -> Body:
    start, end = item["current_period_start"], item["current_period_end"]
    whole = price["unit_amount"] * item["quantity"]
    # Half a unit is rounded up, as Stripe does with amounts to the second.
    amount = int(Fraction(whole * (end - at), end - start) + Fraction(1, 2))
    return line_body(item, price, sign * amount, f"{words} {price['product']}", start=at, end=end, proration=True)


def keep_pending(transaction: Transaction, subscription: Body, found: list[Body]) -> None:
    """Ask for these with the next invoice."""
    kept = transaction.hidden(subscription["id"]).get("pending", [])
    transaction.hide(subscription["id"], pending=kept + found)


def take_pending(transaction: Transaction, subscription: Body) -> list[Body]:
    """What waited for an invoice; it waits no more."""
    found: list[Body] = transaction.hidden(subscription["id"]).get("pending", [])
    transaction.hide(subscription["id"], pending=[])
    return found


def upcoming(transaction: Transaction, subscription: Body) -> Body:
    """The next renewal's invoice as it would be: https://docs.stripe.com/api/invoices/create_preview"""
    pending = transaction.hidden(subscription["id"]).get("pending", [])
    items = [dict(item) for item in subscription["items"]["data"]]
    now, before = transaction.now, (items[0]["current_period_start"], items[0]["current_period_end"])
    for item in items:
        end = period_end(item["price"], anchor=subscription["billing_cycle_anchor"], start=before[1])
        item |= {"current_period_start": before[1], "current_period_end": end}
    return preview(transaction, subscription, [*pending, *(period(item) for item in items)], period=before, now=now)


def preview(
    transaction: Transaction, subscription: Body, found: list[Body], *, period: tuple[int, int], now: int
) -> Body:
    """An invoice that is not made, after the customer's balance."""
    customer = transaction.get("customer", subscription["customer"])
    body = invoice_body(subscription, customer, found, reason="upcoming", period=period, now=now)
    due = max(body["total"] + customer["balance"], 0)
    ending = min(body["total"] + customer["balance"], 0)
    return body | {
        "id": new_id("upcoming_in"), "amount_due": due, "amount_remaining": due, "ending_balance": ending,
    }  # fmt: skip
