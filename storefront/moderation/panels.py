"""The Report button on a listing's page, and for who is signed in the dialog that it opens."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout.services import is_own
from storefront.moderation.forms import ReportForm
from storefront.moderation.queries import report_by


def listing_report(listing: Listing) -> str:
    """A link for strangers, whose page holds no token, and the unconfirmed; nothing for who made it."""
    if not listing.is_public:
        return ""
    if not current_user.is_authenticated or not current_user.is_verified:
        return render_template("moderation/_link.html", listing=listing)
    if is_own(listing, current_user):
        return ""
    return render_template("moderation/_button.html", **form_context(listing, current_user))


def form_context(listing: Listing, person: Person) -> dict[str, Any]:
    """What the form wants: the report as it was sent before, if it was."""
    before = report_by(person, listing)
    return {"listing": listing, "before": before, "form": ReportForm.of(before)}
