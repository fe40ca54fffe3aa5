"""Words about subscriptions."""

from __future__ import annotations

from flask import Flask

from storefront.accounts.plans import PLANS
from storefront.subscriptions.products import ALL_ACCESS

TITLES = {**{plan.name: plan.title for plan in PLANS}, ALL_ACCESS: "All-Access"}
STATES = {
    "incomplete": "Not begun",
    "incomplete_expired": "Never begun",
    "trialing": "On trial",
    "active": "Active",
    "past_due": "Payment failed",
    "unpaid": "Unpaid",
    "paused": "Paused",
    "canceled": "Ended",
}
INVOICE_STATES = {
    "open": "Open",
    "paid": "Paid",
    "refunded": "Given back",
    "disputed": "Disputed",
    "lost": "Lost to a dispute",
    "uncollectible": "Given up",
    "void": "Canceled",
}


def init_words(app: Flask) -> None:
    """Let templates say the same words."""
    app.jinja_env.globals.update(product_titles=TITLES, subscription_states=STATES, invoice_states=INVOICE_STATES)


def title_of(product: str) -> str:
    """What people call a product."""
    return TITLES[product]
