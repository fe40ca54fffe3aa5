"""What a listing's page says about its license."""

from __future__ import annotations

from flask import render_template

from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.licenses.terms import TERMS, terms_text

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def promises(listing: Listing) -> str:
    """The lines under the price. ``listing.version`` must be loaded."""
    days = settings().refund_days
    spelled = NUMBERS[days] if days < len(NUMBERS) else str(days)
    return render_template(
        "licenses/_promises.html",
        listing=listing, terms=TERMS[listing.terms], refund_days=days, refund_days_spelled=spelled,
    )  # fmt: skip


def terms(listing: Listing) -> str:
    """The table of what is allowed, and the whole text. ``listing.workspace`` must be loaded."""
    text = terms_text(listing.terms, title=listing.title, creator=listing.workspace.name, clone_mode=listing.clone_mode)
    return render_template("licenses/_terms.html", terms=TERMS[listing.terms], text=text)
