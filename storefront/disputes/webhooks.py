"""News of disputes. https://docs.stripe.com/disputes/api"""

from __future__ import annotations

from storefront.checkout.afterwards import sale_of_payment
from storefront.kit.jobs import announce
from storefront.payments.models import StripeEvent


def dispute_changed(event: StripeEvent) -> None:
    """``charge.dispute.*``: events come in any order, so Stripe is asked how it stands, once this is over."""
    order = sale_of_payment(event.subject.get("payment_intent"))
    if order is None:
        return
    announce("disputes.look", dispute_id=event.subject["id"])
