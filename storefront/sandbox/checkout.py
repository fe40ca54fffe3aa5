"""Checkout sessions: opened by the shop, completed by whoever pays, expired by the clock or by the shop.

Source: https://docs.stripe.com/api/checkout/sessions, https://docs.stripe.com/payments/checkout/how-checkout-works
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import agenda, fees, news
from storefront.sandbox.billing import customers, subscribing
from storefront.sandbox.currencies import MAXIMUM, MINIMUM, money_text
from storefront.sandbox.errors import StripeError, missing, no_such
from storefront.sandbox.shapes.customers import customer_body
from storefront.sandbox.shapes.products import product_body
from storefront.sandbox.shapes.sessions import (
    DELAYED_METHODS,
    LONGEST_LIFE,
    SHORTEST_LIFE,
    customer_details,
    item_body,
    priced_item,
    session_body,
)
from storefront.sandbox.store import Body, Transaction

EXPIRE = "session.expire"
#: Stripe allows a little for the time a request takes: https://docs.stripe.com/api/checkout/sessions/create
_SLACK = 60


def open_session(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Open a session from checked parameters. Raises `StripeError` for what they can't mean together."""
    _check_customer(transaction, values)
    _check_expiry(values, transaction.now)
    items = [_item(transaction, line, values) for line in values["line_items"]]
    _check_total(items)
    _check_mode(values, items)
    _check_methods(values, items[0]["currency"])
    data = values.get("payment_intent_data", {})
    fees.check_destination(transaction, data, sum(item["amount_total"] for item in items))
    session = session_body(values, items, now=transaction.now, base_url=transaction.origin.base_url)
    subscribed = values.get("subscription_data", {})
    transaction.add(session, items=items, payment_intent_data=data, subscription_data=subscribed)
    agenda.schedule(transaction, EXPIRE, session["id"], due_at=session["expires_at"])
    return session


def line_items(transaction: Transaction, session: Body) -> list[Body]:
    """What is bought, in the order it was asked for."""
    items: list[Body] = transaction.hidden(session["id"])["items"]
    return items


def expire(transaction: Transaction, session: Body) -> Body:
    """Close an open session without payment. Raises `StripeError` if it isn't open."""
    if session["status"] != "open":
        raise StripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    session |= {"status": "expired", "url": None}
    transaction.save(session)
    if intent := intent_of(transaction, session):
        _cancel_intent(transaction, intent)
    news.record(transaction, "checkout.session.expired", session)
    return session


@agenda.verb(EXPIRE)
def expire_if_open(transaction: Transaction, session_id: str) -> None:
    """Close a session whose time is over, unless it was completed or expired before."""
    session = transaction.get("checkout.session", session_id)
    if session["status"] == "open":
        expire(transaction, session)


def intent_of(transaction: Transaction, session: Body) -> str:
    """The id of the intent that its attempts use, empty before the first. One that subscribes doesn't show it."""
    found: str = session["payment_intent"] or transaction.hidden(session["id"]).get("intent") or ""
    return found


def complete(
    transaction: Transaction, session: Body, *, payment_status: str, billing: Body, method: Body | None = None
) -> None:
    """Close a session because it was paid, will be (`unpaid`), or costs nothing (`no_payment_required`).

    One that subscribes needs the `method` that renewals are charged to.
    """
    details = customer_details(billing["email"], billing["name"], billing["address"]["country"])
    session |= {
        "status": "complete",
        "payment_status": payment_status,
        "customer_details": details,
        "url": None,
    }
    if session["customer_creation"] == "always" and not session["customer"]:
        session["customer"] = _new_customer(transaction, billing)["id"]
    if session["mode"] == "subscription" and method:
        _subscribe(transaction, session, method)
    transaction.save(session)
    news.record(transaction, "checkout.session.completed", session)


def settle_later(transaction: Transaction, session: Body, *, paid: bool) -> None:
    """Say how a payment ended that was still on its way when the session completed.

    Source: https://docs.stripe.com/checkout/fulfillment#delayed-notification
    """
    session["payment_status"] = "paid" if paid else "unpaid"
    transaction.save(session)
    outcome = "succeeded" if paid else "failed"
    news.record(transaction, f"checkout.session.async_payment_{outcome}", session)


def _subscribe(transaction: Transaction, session: Body, method: Body) -> None:
    """https://docs.stripe.com/billing/subscriptions/build-subscriptions: what was paid for begins."""
    hidden = transaction.hidden(session["id"])
    customer = transaction.get("customer", session["customer"])
    customers.keep_method(transaction, customer, method)
    intent = transaction.anyones("payment_intent", intent_of(transaction, session))
    if intent:
        transaction.save(intent | {"customer": customer["id"]})
        charge = transaction.get("charge", intent["latest_charge"])
        transaction.save(charge | {"customer": customer["id"]})
    made = subscribing.start(
        transaction, customer, hidden["items"], hidden["subscription_data"], method=method["id"], intent=intent
    )
    session |= {"subscription": made["id"], "invoice": made["latest_invoice"]}


def _item(transaction: Transaction, line: dict[str, Any], values: dict[str, Any]) -> Body:
    """A line item, by the id of its price or with an inline price and product."""
    if ("price" in line) == ("price_data" in line):
        raise StripeError("Give each line item a `price` or `price_data`.", param="line_items")
    trial = values.get("subscription_data", {})
    is_free = "trial_period_days" in trial or "trial_end" in trial
    if "price" in line:
        price = transaction.find("price", line["price"])
        if price is None:
            raise no_such("price", line["price"], param="line_items[0][price]", status=400)
        product = transaction.get("product", price["product"])
        return priced_item(line, price, product["name"], is_free=is_free)
    item = item_body(line, now=transaction.now, is_free=is_free)
    product = line["price_data"]["product_data"]
    transaction.add(product_body(item["price"]["product"], product, now=transaction.now))
    transaction.add(item["price"])
    return item


def _check_mode(values: dict[str, Any], items: list[Body]) -> None:
    """https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-mode"""
    recurs = values["mode"] == "subscription"
    if recurs and not any(item["price"]["recurring"] for item in items):
        raise StripeError(
            "You must provide at least one recurring price in `subscription` mode when using prices.", param="mode"
        )
    if not recurs and any(item["price"]["recurring"] for item in items):
        raise StripeError(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            param="mode",
        )
    if not recurs and "subscription_data" in values:
        raise StripeError("You can not pass `subscription_data` in `payment` mode.", param="subscription_data")
    if recurs and "payment_intent_data" in values:
        raise StripeError("You can not pass `payment_intent_data` in `subscription` mode.", param="payment_intent_data")


def _cancel_intent(transaction: Transaction, intent_id: str) -> None:
    """An attempt that was left half done can't be finished after its session expired."""
    intent = transaction.get("payment_intent", intent_id)
    intent |= {
        "canceled_at": transaction.now,
        "cancellation_reason": "expired",
        "next_action": None,
        "status": "canceled",
    }
    transaction.save(intent)
    news.record(transaction, "payment_intent.canceled", intent)


def _new_customer(transaction: Transaction, billing: Body) -> Body:
    values = {"email": billing["email"], "name": billing["name"]}
    customer = transaction.add(customer_body(values, now=transaction.now))
    news.record(transaction, "customer.created", customer)
    return customer


def _check_customer(transaction: Transaction, values: dict[str, Any]) -> None:
    if "customer" not in values:
        if "customer_update" in values:
            raise StripeError("`customer_update` can only be used with `customer`.", param="customer_update")
        return
    taxed = values.get("automatic_tax", {}).get("enabled")
    if taxed and values.get("customer_update", {}).get("address") != "auto":
        raise StripeError(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to "
            "the Customer or set either `customer_update[address]` to 'auto'.",
            code="customer_tax_location_invalid",
        )
    if "customer_email" in values:
        raise StripeError(
            "You may only specify one of these parameters: customer, customer_email.", param="customer_email"
        )
    customers.existing(transaction, values["customer"])


def _check_expiry(values: dict[str, Any], now: int) -> None:
    life = values.get("expires_at", now + LONGEST_LIFE) - now
    if life < SHORTEST_LIFE - _SLACK:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if life > LONGEST_LIFE + _SLACK:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )


def _check_methods(values: dict[str, Any], currency: str) -> None:
    """https://docs.stripe.com/payments/payment-methods/payment-method-support"""
    for type in values.get("payment_method_types", []):
        if type not in ("card", DELAYED_METHODS.get(currency)):
            raise StripeError(
                f"The currency provided ({currency}) is invalid for payment method type {type}.",
                param="payment_method_types",
            )


def _check_total(items: list[Body]) -> None:
    """https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts; a total of 0 is allowed."""
    if not items:
        raise missing("line_items")
    currency = items[0]["currency"]
    if any(item["currency"] != currency for item in items):
        raise StripeError("All line items must have the same currency.", param="line_items")
    total = sum(item["amount_total"] for item in items)
    if 0 < total < MINIMUM[currency]:
        raise StripeError(
            "The Checkout Session's total amount due must add up to at least "
            f"{money_text(MINIMUM[currency], currency)} {currency}",
            code="amount_too_small",
        )
    if total > MAXIMUM:
        raise StripeError(
            f"The Checkout Session's total amount must be no more than {money_text(MAXIMUM, currency)} {currency}",
            code="amount_too_large",
        )
