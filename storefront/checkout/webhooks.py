"""What Stripe's events mean to an order. https://docs.stripe.com/checkout/fulfillment."""

from __future__ import annotations

from storefront.checkout import services
from storefront.payments.gateway import CheckoutSession
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked


def session_paid(event: StripeEvent) -> None:
    """``checkout.session.completed`` and ``.async_payment_succeeded``: fulfil if it is paid, else wait."""
    session = _session(event)
    if session is None:
        return
    if session.is_paid:
        services.fulfil(session)
    else:
        services.order_of(session)  # parks what isn't ours; the payment itself is still on its way


def session_over(event: StripeEvent) -> None:
    """``checkout.session.expired`` and ``.async_payment_failed``: the order is free again."""
    session = _session(event)
    if session is None:
        return
    order = services.order_of(session)
    if order.session_id in (None, session.id):
        services.expire(order)


def _session(event: StripeEvent) -> CheckoutSession | None:
    """The session to buy on that an event is about; None for one to subscribe on, which is another slice's."""
    if event.subject.get("mode") == "subscription":
        return None
    try:
        return CheckoutSession.from_dict(event.subject)
    except (KeyError, TypeError, AttributeError) as error:
        raise Parked(f"It is not a Checkout session as we know them: {error!r}.") from error
