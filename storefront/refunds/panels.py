"""What a license's page says of refunds."""

from __future__ import annotations

from flask import render_template

from storefront.licenses.models import License
from storefront.refunds.queries import refunds_of_license


def license_refund(license: License) -> str:
    """The way to ask for the money back, and what became of it. A free license has neither."""
    if not license.amount:
        return ""
    return render_template("refunds/_license.html", license=license, refunds=refunds_of_license(license))
