"""What a license's page says of refunds."""

from __future__ import annotations

from flask import render_template

from storefront.checkout.models import Order
from storefront.licenses.models import License
from storefront.refunds.models import GOING_BACK
from storefront.refunds.queries import refunds_of, refunds_of_license


def receipt_refunds(order: Order) -> str:
    """What of a purchase went back, or is on its way."""
    refunds = [refund for refund in refunds_of(order.id) if refund.state in GOING_BACK]
    return render_template("refunds/_receipt.html", refunds=refunds, order=order)


def license_refund(license: License) -> str:
    """The way to ask for the money back, and what became of it. A free license has neither."""
    if not license.amount:
        return ""
    return render_template("refunds/_license.html", license=license, refunds=refunds_of_license(license))
