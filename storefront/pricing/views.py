"""The prices, for everybody."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_login import current_user

from storefront.accounts.plans import PLANS, PRICING, STUDIO, TABLE, plan_of
from storefront.config import current as settings
from storefront.kit.caching import shared
from storefront.kit.htmx import page_or_fragment
from storefront.kit.money import Money

blueprint = Blueprint("pricing", __name__)

EXAMPLE = 2400  # minor units of the sale that shows what the fee takes


@blueprint.get(PRICING)
def index() -> Response:
    sale = Money(EXAMPLE, settings().currency)
    interval = "year" if request.args.get("interval") == "year" else "month"
    wanted = request.args.get("plan", "")
    yearly = 12 - settings().yearly_free_months
    page = page_or_fragment(
        "pricing/index.html",
        "pricing/_plans.html",
        plans=PLANS,
        interval=interval,
        wanted=wanted,
        free_months=settings().yearly_free_months,
        prices={plan.name: plan.price * yearly if interval == "year" else plan.price for plan in PLANS},
        rows=TABLE.values(),
        selling=STUDIO,
        mine=plan_of(current_user) if current_user.is_authenticated else None,
        currency=settings().currency,
        fee=settings().platform_fee_bps / 100,
        sale=sale,
        share=sale.split_fee(basis_points=settings().platform_fee_bps)[1],
    )
    return shared(page)
