"""What checkout puts into a listing's page: the price, the button, and the phone's bar."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from storefront.catalog.models import Listing
from storefront.licenses.queries import live_license


def offer(listing: Listing) -> dict[str, Any]:
    """What the offer's template needs to know of a listing and who looks at it. Its workspace must be loaded."""
    signed_in = current_user.is_authenticated
    return {
        "listing": listing,
        "own": signed_in and listing.workspace.owner_id == current_user.id,
        "license": live_license(current_user, listing.id) if signed_in else None,
        "changed": False,
    }


def listing_offer(listing: Listing) -> str:
    return render_template("checkout/_offer.html", **offer(listing))


def listing_bar(listing: Listing) -> str:
    """The bar offers what the card does; who holds the work already, or made it, sees none."""
    return render_template("checkout/_bar.html", listing=listing)
