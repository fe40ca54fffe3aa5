"""Changing a subscription: more at once, less from the period's end on, an end, or none after all.

Each asks Stripe and then writes down what Stripe says, so that no webhook is waited for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import outside
from storefront.kit.errors import Conflict, NotFound
from storefront.kit.ids import token
from storefront.kit.money import Money
from storefront.kit.urls import absolute_url
from storefront.payments.gateway import PaymentRefused, billing
from storefront.payments.gateway import subscriptions as stripe
from storefront.payments.gateway.subscriptions import StripeSubscription
from storefront.subscriptions import queries
from storefront.subscriptions.asking import look
from storefront.subscriptions.models import Subscription
from storefront.subscriptions.products import PRODUCTS, Price, price_of
from storefront.subscriptions.subscribing import BILLING, price_at_stripe

# Stripe's words for why: https://docs.stripe.com/api/subscriptions/cancel
REASONS = {
    "too_expensive": "It costs too much",
    "missing_features": "Something is missing",
    "unused": "I don't use it",
    "switched_service": "I use something else now",
    "too_complex": "It is too complicated",
    "low_quality": "It isn't good enough",
    "customer_service": "Nobody helped me",
    "other": "Something else",
}
SHOWN_FOR = 30 * 60  # seconds for which the price of a change may be pressed as it was shown


class CardDeclined(Conflict):
    status = 402
    title = "The card was declined."
    message = "Nothing was charged and nothing changed. Use another card, then try again."

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{reason} {self.message}".strip(), action=("Your billing", BILLING))


class PreviewTooOld(Conflict):
    title = "The price has changed meanwhile."
    message = "Nothing was charged. Look at what it costs now."


@dataclass(frozen=True)
class Change:
    """What a change would do: at once for ``due`` now, or from ``begins_at`` on for nothing now."""

    price: Price
    is_at_once: bool
    due: Money
    credit: Money
    begins_at: datetime
    at: datetime


def change_to(person: Person, public_id: str, product: str, interval: str) -> tuple[Subscription, Change]:
    """What changing a live subscription would cost. Raises NotFound for what isn't sold or theirs, PaymentsDown."""
    subscription, price = _wanted(person, public_id, product, interval)
    now = clock.now().replace(microsecond=0)
    nothing = Money(0, price.currency)
    if not is_more(subscription, price):
        return subscription, Change(price, False, nothing, nothing, subscription.period_end, now)
    wanted = price_at_stripe(price)
    with outside():
        said = stripe.retrieve_subscription(subscription.stripe_id)
        seen = billing.preview(said, wanted, at=_at_stripe(said, now))
    due, credit = Money(seen.due, seen.currency), Money(seen.credit, seen.currency)
    return subscription, Change(price, True, due, credit, now, _at_stripe(said, now))


def change(person: Person, public_id: str, product: str, interval: str, *, at: datetime, due: int) -> Subscription:
    """Change a subscription as it was previewed ``at`` that moment, for ``due`` minor units.

    Raises NotFound, PreviewTooOld, CardDeclined, PaymentsDown.
    """
    subscription, price = _wanted(person, public_id, product, interval)
    wanted = price_at_stripe(price)
    key = f"change-{subscription.public_id}-{price.lookup_key}-{int(at.timestamp())}"
    with outside():
        said = stripe.retrieve_subscription(subscription.stripe_id)
        if not is_more(subscription, price):
            _later(said, wanted, key)
        else:
            if not 0 <= (clock.now() - at).total_seconds() <= SHOWN_FOR or at < said.period_start:
                raise PreviewTooOld
            if billing.preview(said, wanted, at=at).due != due:
                raise PreviewTooOld
            _at_once(said, wanted, at, key)
    return look(subscription.stripe_id)


def _later(said: StripeSubscription, wanted: str, key: str) -> None:
    if said.cancel_at is not None:
        billing.stay(said, key=f"{key}-stay")
    billing.change_price_later(said, wanted, key=key)


def _at_once(said: StripeSubscription, wanted: str, at: datetime, key: str) -> None:
    if said.schedule is not None or said.cancel_at is not None:
        billing.stay(said, key=f"{key}-stay")
    try:
        billing.change_price(said, wanted, at=at, key=f"{key}-{token(8)}")
    except PaymentRefused as refusal:
        raise CardDeclined(refusal.reason) from refusal


def _wanted(person: Person, public_id: str, product: str, interval: str) -> tuple[Subscription, Price]:
    subscription = queries.mine(person, public_id)
    price = price_of(settings(), product, interval)
    if price is None or price.family != subscription.family:
        raise NotFound
    if (price.product, price.interval) == (subscription.product, subscription.interval):
        raise Conflict("That is what you have.", title="Nothing to change.")
    return subscription, price


def is_more(subscription: Subscription, price: Price) -> bool:
    """Whether a change gives more, which begins at once; what gives less waits for what was paid for."""
    had, gets = PRODUCTS.index(subscription.product), PRODUCTS.index(price.product)
    return gets > had or (gets == had and price.interval == "year")


def _at_stripe(said: StripeSubscription, now: datetime) -> datetime:
    """The moment of the change by both clocks: within the period that Stripe knows."""
    return max(now, said.period_start)


def cancel(person: Person, public_id: str, *, reason: str, comment: str) -> Subscription:
    """End a subscription with its period. Again changes nothing but the reason. Raises NotFound, PaymentsDown."""
    subscription = queries.mine(person, public_id)
    feedback = reason if reason in REASONS else ""
    with outside():
        said = stripe.retrieve_subscription(subscription.stripe_id)
        if said.ended_at is None:
            billing.cancel_later(said, feedback=feedback, comment=comment[:500], key=_key("cancel", subscription))
    return look(subscription.stripe_id)


def stay(person: Person, public_id: str) -> Subscription:
    """Let a subscription go on as it is: no end, and no change with its period. Raises NotFound, PaymentsDown."""
    subscription = queries.mine(person, public_id)
    with outside():
        said = stripe.retrieve_subscription(subscription.stripe_id)
        if said.ended_at is None:
            billing.stay(said, key=_key("stay", subscription))
    return look(subscription.stripe_id)


def pay_now(person: Person, public_id: str) -> Subscription:
    """Charge the card that is kept for what is owed. Raises NotFound, CardDeclined, PaymentsDown."""
    subscription = queries.mine(person, public_id)
    owed = queries.open_invoice(subscription)
    if owed is not None:
        try:
            with outside():
                billing.pay_invoice(owed.stripe_id, key=_key("pay", subscription))
        except PaymentRefused as refusal:
            look(subscription.stripe_id)
            raise CardDeclined(refusal.reason) from refusal
    return look(subscription.stripe_id)


def portal(person: Person, *, for_card: bool = False) -> str:
    """The address of Stripe's portal for a person. Raises NotFound for who never subscribed, PaymentsDown."""
    customer = queries.customer_of(person)
    if customer is None or customer.stripe_customer is None:
        raise NotFound
    back = absolute_url("subscriptions.come_back")
    with outside():
        return billing.portal(
            customer.stripe_customer, return_url=back, for_card=for_card, key=f"portal-{customer.public_id}-{token(12)}"
        )


def _key(deed: str, subscription: Subscription) -> str:
    """A new key for each click: what Stripe answered before, it would say again."""
    return f"{deed}-{subscription.public_id}-{token(12)}"
