"""The prices, for everybody."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user

from storefront.accounts.plans import PLANS, PRICING, STUDIO, TABLE, plan_of
from storefront.config import current as settings
from storefront.kit.caching import shared
from storefront.kit.money import Money

blueprint = Blueprint("pricing", __name__)

EXAMPLE = 2400  # minor units of the sale that shows what the fee takes


@blueprint.get(PRICING)
def index() -> Response:
    sale = Money(EXAMPLE, settings().currency)
    page = render_template(
        "pricing/index.html",
        plans=PLANS,
        rows=TABLE.values(),
        selling=STUDIO,
        mine=plan_of(current_user) if current_user.is_authenticated else None,
        ask_url=_ask_url(),
        contact=settings().plan_contact,
        currency=settings().currency,
        fee=settings().platform_fee_bps / 100,
        sale=sale,
        share=sale.split_fee(basis_points=settings().platform_fee_bps)[1],
    )
    return shared(make_response(page))


def _ask_url() -> str:
    """Where a plan is asked for; empty if the shop names no place."""
    contact = settings().plan_contact
    if not contact or contact.startswith("https://"):
        return contact
    return f"mailto:{contact}?subject={quote(f'A plan at {settings().site_name}')}"
