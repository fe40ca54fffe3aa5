"""What Stripe's events say of refunds. https://docs.stripe.com/refunds#tracking-refunds"""

from __future__ import annotations

from storefront.checkout.afterwards import sale_of_payment
from storefront.kit.jobs import announce
from storefront.payments.gateway.refunds import StripeRefund
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import Parked
from storefront.refunds import queries
from storefront.refunds.following import follow


def refund_changed(event: StripeEvent) -> None:
    """``refund.created``, ``.updated`` and ``.failed``."""
    try:
        said = StripeRefund.from_dict(event.subject)
    except (KeyError, TypeError, AttributeError) as error:
        raise Parked(f"It is not a refund as we know them: {error!r}.") from error
    order = sale_of_payment(said.payment_intent)
    if order is None:
        return
    is_new = queries.refund_of_stripe(said.id) is None
    follow(order, said, taken_back=None)
    # An event tells how it was when it was sent. Of a refund that we did not know, a later one may have come before;
    # and what a creator gave of it, no event tells. So Stripe is asked how it is now, once this is over.
    if is_new or order.settlement == "destination":
        announce("refunds.look", order_id=order.id)


def charge_refunded(event: StripeEvent) -> None:
    """``charge.refunded`` says that there is a refund, not which: Stripe is asked, once this is over."""
    order = sale_of_payment(event.subject.get("payment_intent"))
    if order is None:
        return
    if event.subject.get("amount_refunded") != order.returned:
        announce("refunds.look", order_id=order.id)
