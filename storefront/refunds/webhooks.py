"""What Stripe's events say of refunds. https://docs.stripe.com/refunds#tracking-refunds"""

from __future__ import annotations

from storefront.checkout.services import order_of_payment
from storefront.kit.jobs import announce
from storefront.payments.gateway.refunds import StripeRefund
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked
from storefront.refunds.following import follow


def refund_changed(event: StripeEvent) -> None:
    """``refund.created``, ``.updated`` and ``.failed``."""
    try:
        said = StripeRefund.from_dict(event.subject)
    except (KeyError, TypeError, AttributeError) as error:
        raise Parked(f"It is not a refund as we know them: {error!r}.") from error
    follow(order_of_payment(said.payment_intent), said)


def charge_refunded(event: StripeEvent) -> None:
    """``charge.refunded`` says that there is a refund, not which: Stripe is asked, once this is over."""
    order = order_of_payment(event.subject.get("payment_intent"))
    if event.subject.get("amount_refunded") != order.returned:
        announce("refunds.look", order_id=order.id)
