"""What checkout puts into a listing's page: the price, the button, and the phone's bar."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from storefront.catalog.models import Listing
from storefront.checkout.services import is_own
from storefront.licenses.queries import live_license


def offer(listing: Listing) -> dict[str, Any]:
    """What the offer's template needs to know of a listing, whose workspace's owner is loaded, and who looks at it."""
    signed_in = current_user.is_authenticated
    return {
        "listing": listing,
        "own": signed_in and is_own(listing, current_user),
        "license": live_license(current_user, listing.id) if signed_in else None,
        "changed": False,
    }


def listing_offer(listing: Listing) -> str:
    return render_template("checkout/_offer.html", **offer(listing))


def listing_bar(listing: Listing) -> str:
    """The bar offers what the card does; who made the work sees none, nor does anybody who can't get it now."""
    if not listing.is_for_sale or (current_user.is_authenticated and is_own(listing, current_user)):
        return ""
    return render_template("checkout/_bar.html", listing=listing)
