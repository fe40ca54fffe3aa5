"""What the shop knows that a bank should: the beginning of an answer, by Stripe's names for it.

Source: https://docs.stripe.com/disputes/evidence
"""

from __future__ import annotations

from storefront.config import current as settings
from storefront.disputes.models import Dispute
from storefront.disputes.queries import Access, accesses_of
from storefront.kit.money import money_text

NAMES = ("product_description", "access_activity_log", "refund_policy_disclosure", "uncategorized_text")


def drafted(dispute: Dispute) -> dict[str, str]:
    """What was written before, and what the shop knows where nothing was."""
    return {name: dispute.evidence.get(name) or text for name, text in _known(dispute).items()}


def identity(dispute: Dispute) -> dict[str, str]:
    """Whom the payment was by, which no operator needs to write."""
    order = dispute.order
    return {
        "customer_name": order.buyer.name,
        "customer_email_address": order.buyer.email,
        "service_date": f"{order.paid_at:%Y-%m-%d}" if order.paid_at else "",
    }


def _known(dispute: Dispute) -> dict[str, str]:
    order = dispute.order
    license = order.license
    assert license is not None, "a disputed order has a license"
    listing = order.listing
    accesses = "\n".join(_line(access) for access in accesses_of(license))
    days = settings().refund_days
    return {
        "product_description": (
            f"{listing.title}, version {license.version.number}, a digital work by {listing.workspace.name}. "
            f"{listing.tagline} Sold for {money_text(order.amount or 0, order.currency)} with license {license.number}."
        ),
        "access_activity_log": accesses,
        "refund_policy_disclosure": (
            f"The payment page said: {days} days to ask for a refund. Within them the money goes back at once, "
            "from the page of the license."
        ),
        "uncategorized_text": f"The terms that the buyer accepted:\n\n{license.terms_text}",
    }


def _line(access: Access) -> str:
    return f"{access.at:%Y-%m-%d %H:%M} UTC: {access.what}"
