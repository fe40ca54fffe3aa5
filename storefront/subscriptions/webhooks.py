"""News of subscriptions: each event only says that it is time to ask Stripe, once this is over.

Source: https://docs.stripe.com/billing/subscriptions/webhooks
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront.kit.jobs import announce
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked
from storefront.subscriptions import queries


def subscription_changed(event: StripeEvent) -> None:
    """``customer.subscription.*``"""
    _ask_about(event.subject, event.subject.get("id"))


def invoice_changed(event: StripeEvent) -> None:
    """``invoice.*``: one of no subscription is none of ours."""
    parent = event.subject.get("parent") or {}
    about = (parent.get("subscription_details") or {}).get("subscription")
    if about is None:
        raise Parked("It is about an invoice that belongs to no subscription.")
    _ask_about(event.subject, about)


def schedule_changed(event: StripeEvent) -> None:
    """``subscription_schedule.*``: what is sold from the period's end on."""
    _ask_about(event.subject, event.subject.get("subscription") or event.subject.get("released_subscription"))


def session_changed(event: StripeEvent) -> None:
    """``checkout.session.completed`` and ``.expired`` of a page to subscribe on; those to buy on are others'."""
    if event.subject.get("mode") == "subscription":
        if not queries.knows_customer(_id(event.subject.get("customer"))):
            raise Parked("It is about a customer that this shop does not know.")
        announce("subscriptions.confirm", session_id=event.subject["id"])


def customer_deleted(event: StripeEvent) -> None:
    """``customer.deleted``: what they had ended with it."""
    if queries.knows_customer(event.subject.get("id")):
        announce("subscriptions.customer_gone", stripe_customer=event.subject["id"])


def payment_changed(event: StripeEvent) -> None:
    """``refund.*``, ``charge.refunded``, ``charge.dispute.*`` of an invoice's payment; those of sales are others'."""
    intent = _id(event.subject.get("payment_intent"))
    if queries.pays_invoice(intent):
        announce("subscriptions.look_at_money", payment_intent=intent)


def _ask_about(subject: Mapping[str, Any], stripe_id: Any) -> None:
    if not isinstance(stripe_id, str | Mapping):
        raise Parked("It does not say which subscription it is about.")
    if not queries.knows_customer(_id(subject.get("customer"))):
        raise Parked("It is about a customer that this shop does not know.")
    announce("subscriptions.look", stripe_id=_id(stripe_id))


def _id(found: Any) -> str:
    return str(found["id"] if isinstance(found, Mapping) else found)
