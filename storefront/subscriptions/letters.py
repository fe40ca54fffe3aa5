"""What subscribers are told by e-mail."""

from __future__ import annotations

from typing import Any

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit.dates import day
from storefront.kit.db import db
from storefront.kit.mail import send_mail
from storefront.kit.urls import absolute_url
from storefront.subscriptions import words
from storefront.subscriptions.models import Subscription, SubscriptionInvoice


def send_news(kind: str, subscription: Subscription, person: Person, before: dict[str, Any]) -> None:
    """Tell the person what happened to a subscription of theirs, if it is something to tell."""
    title = words.title_of(subscription.product)
    told = {
        "subscription.started": (f"{title} is yours", "started"),
        "subscription.past_due": (f"{title}: your card was declined", "past_due"),
        "subscription.recovered": (f"{title} is paid again", "recovered"),
        "subscription.ended": (f"{title} has ended", "ended"),
    }
    if kind == "subscription.changed" and subscription.cancel_at and not before.get("cancel_at"):
        told[kind] = (f"{title} ends on {day(subscription.cancel_at)}", "ends")
    if kind not in told:
        return
    subject, template = told[kind]
    send_mail(
        person.email, subject, f"subscriptions/email/{template}", person=person, subscription=subscription, title=title,
        link=absolute_url("subscriptions.index"), grace=settings().grace,
    )  # fmt: skip


def send_paid(subscription: Subscription, invoice: SubscriptionInvoice) -> None:
    """The receipt of a payment."""
    person = db.session.get_one(Person, subscription.person_id)
    title = words.title_of(invoice.product)
    send_mail(
        person.email, f"Receipt for {title}", "subscriptions/email/paid", person=person, invoice=invoice, title=title,
        link=invoice.hosted_url or absolute_url("subscriptions.index"),
    )  # fmt: skip
