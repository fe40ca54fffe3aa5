"""What the shop has Stripe do about subscriptions. Amounts are whole minor units.

Source: https://docs.stripe.com/billing/subscriptions/overview, https://docs.stripe.com/api/subscriptions
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storefront.config import current as settings
from storefront.kit.ids import token
from storefront.payments.gateway import CheckoutSession, PaymentRefused, call
from storefront.payments.gateway.subscriptions import MOST, StripeSubscription

GONE = "resource_missing"
TAXED: dict[str, Any] = {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}


@dataclass(frozen=True)
class Preview:
    """What a change of price costs now: ``credit`` is for the time not used, ``due`` is taken from the card."""

    due: int
    credit: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class Subscribing:
    """What a page to subscribe on is made for."""

    customer: str
    price: str
    reference: str
    metadata: dict[str, str]
    expires_at: datetime
    success_url: str
    cancel_url: str


def make_customer(*, email: str, name: str, metadata: dict[str, str], key: str) -> str:
    """A customer's id. Source: https://docs.stripe.com/api/customers/create."""
    params: Any = {"email": email, "name": name, "metadata": metadata}
    found: str = call(lambda client, options: client.v1.customers.create(params, options), key).id
    return found


def find_customer(email: str, metadata: dict[str, str]) -> str | None:
    """The id of a customer whose metadata says the same; None if there is none."""
    params: Any = {"email": email, "limit": MOST}
    listed = call(lambda client, _options: client.v1.customers.list(params)).to_dict()["data"]
    return next((each["id"] for each in listed if each["metadata"] == metadata), None)


def create_session(wanted: Subscribing, *, key: str) -> CheckoutSession:
    """A hosted page to subscribe on. Source: https://docs.stripe.com/billing/subscriptions/build-subscriptions."""
    params: Any = {
        "mode": "subscription",
        "customer": wanted.customer,
        "line_items": [{"price": wanted.price, "quantity": 1}],
        "client_reference_id": wanted.reference,
        "metadata": wanted.metadata,
        "subscription_data": {"metadata": wanted.metadata},
        "expires_at": int(wanted.expires_at.timestamp()),
        "success_url": wanted.success_url,
        "cancel_url": wanted.cancel_url,
        # Of a customer that is known, tax goes by the address that is typed: https://docs.stripe.com/tax/checkout
        **(
            {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto"}}
            if settings().automatic_tax
            else {}
        ),
    }
    return CheckoutSession.from_dict(
        call(lambda client, options: client.v1.checkout.sessions.create(params, options), key).to_dict()
    )


def preview(subscription: StripeSubscription, price: str, *, at: datetime) -> Preview:
    """What another price would cost now. Source: https://docs.stripe.com/api/invoices/create_preview."""
    params: Any = {"subscription": subscription.id, "subscription_details": _change(subscription, price, at)}
    key = f"preview-{subscription.id}-{price}-{int(at.timestamp())}-{token(8)}"  # how it stands now, each time
    found = call(lambda client, options: client.v1.invoices.create_preview(params, options), key).to_dict()
    credit = sum(line["amount"] for line in found["lines"]["data"] if line["amount"] < 0)
    return Preview(found["amount_due"], -credit, found["currency"].upper())


def change_price(subscription: StripeSubscription, price: str, *, at: datetime, key: str) -> None:
    """Sell another price from ``at`` on, and take the difference at once. Raises PaymentRefused, and changes nothing,
    if the card is declined. Source: https://docs.stripe.com/billing/subscriptions/upgrade-downgrade."""
    params: Any = {**_change(subscription, price, at), "payment_behavior": "error_if_incomplete"}
    call(lambda client, options: client.v1.subscriptions.update(subscription.id, params, options), key)


def _change(subscription: StripeSubscription, price: str, at: datetime) -> dict[str, Any]:
    return {
        "items": [{"id": subscription.item, "price": price}],
        "proration_behavior": "always_invoice",
        "proration_date": int(at.timestamp()),
    }


def change_price_later(subscription: StripeSubscription, price: str, *, key: str) -> None:
    """Sell another price from the period's end on. Said again with another price, the last one counts.

    Source: https://docs.stripe.com/billing/subscriptions/subscription-schedules
    """
    schedule = subscription.schedule
    if schedule is None:
        begun: Any = {"from_subscription": subscription.id}
        schedule = call(
            lambda client, options: client.v1.subscription_schedules.create(begun, options), f"{key}-begun"
        ).id
    now = {
        "items": [{"price": subscription.price, "quantity": 1}],
        "start_date": int(subscription.period_start.timestamp()),
        "end_date": int(subscription.period_end.timestamp()),
    }
    later = {"items": [{"price": price, "quantity": 1}], "proration_behavior": "none"}
    params: Any = {"end_behavior": "release", "phases": [now, later]}
    call(lambda client, options: client.v1.subscription_schedules.update(schedule, params, options), key)


def stay(subscription: StripeSubscription, *, key: str) -> None:
    """Drop what was planned for the period's end: another price, or the end."""
    schedule = subscription.schedule
    if schedule is not None:
        call(lambda client, options: client.v1.subscription_schedules.release(schedule, {}, options), f"{key}-release")
    if subscription.cancel_at is not None:
        params: Any = {"cancel_at_period_end": False}
        call(lambda client, options: client.v1.subscriptions.update(subscription.id, params, options), key)


def cancel_later(subscription: StripeSubscription, *, feedback: str, comment: str, key: str) -> None:
    """End it with its period. Source: https://docs.stripe.com/billing/subscriptions/cancel."""
    schedule = subscription.schedule
    if schedule is not None:
        call(lambda client, options: client.v1.subscription_schedules.release(schedule, {}, options), f"{key}-release")
    details = {name: text for name, text in (("feedback", feedback), ("comment", comment)) if text}
    params: Any = {"cancel_at_period_end": True, **({"cancellation_details": details} if details else {})}
    call(lambda client, options: client.v1.subscriptions.update(subscription.id, params, options), key)


def cancel_now(subscription_id: str, *, key: str) -> None:
    """End it at once. One that ended before, or that Stripe does not have, is fine."""
    try:
        call(lambda client, options: client.v1.subscriptions.cancel(subscription_id, {}, options), key)
    except PaymentRefused as refusal:
        if refusal.code != GONE:
            raise


def pay_invoice(invoice_id: str, *, key: str) -> None:
    """Charge the card that is kept, now. Raises PaymentRefused if it is declined; one that is paid is fine."""
    try:
        call(lambda client, options: client.v1.invoices.pay(invoice_id, {}, options), key)
    except PaymentRefused as refusal:
        if refusal.code != "invoice_already_paid":
            raise


def portal(customer: str, *, return_url: str, for_card: bool, key: str) -> str:
    """The address of the customer portal, or of its page for another card.

    Source: https://docs.stripe.com/customer-management/portal-deep-links
    """
    back = {"type": "redirect", "redirect": {"return_url": return_url}}
    flow = {"flow_data": {"type": "payment_method_update", "after_completion": back}} if for_card else {}
    params: Any = {"customer": customer, "return_url": return_url, **flow}
    found: str = call(lambda client, options: client.v1.billing_portal.sessions.create(params, options), key).url
    return found


def credit_balance(customer: str, amount: int, currency: str, *, metadata: dict[str, str], key: str) -> str:
    """Let the next invoices take ``amount`` less from the card; the id of the entry.

    Source: https://docs.stripe.com/billing/customer/balance
    """
    params: Any = {
        "amount": -amount, "currency": currency.lower(), "description": "From your earnings", "metadata": metadata,
    }  # fmt: skip
    found: str = call(
        lambda client, options: client.v1.customers.balance_transactions.create(customer, params, options), key
    ).id
    return found


def find_credit(customer: str, name: str, value: str) -> str | None:
    """The id of the entry of a customer's balance whose metadata says so; None if it was not made."""
    params: Any = {"limit": MOST}
    listed = call(lambda client, _options: client.v1.customers.balance_transactions.list(customer, params)).to_dict()
    return next((each["id"] for each in listed["data"] if (each.get("metadata") or {}).get(name) == value), None)
