"""What All-Access puts into a listing's page, for who is signed in; a stranger's page is shared and holds no meter."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.copies import queries
from storefront.copies.months import month_of
from storefront.kit import clock
from storefront.subscriptions.queries import live


def listing_offer(listing: Listing) -> str:
    """The meter and the button, on a listing that a pass includes, for who has one; the way to what they copied."""
    if not current_user.is_authenticated or not listing.all_access or listing.is_free:
        return ""
    now = clock.now()
    subscription = live(current_user, "pass")
    serves = subscription is not None and subscription.serves(now, grace=settings().grace)
    latest = queries.latest_copy(current_user, listing.id)
    if not serves and latest is None:
        return ""
    return render_template(
        "copies/_offer.html", listing=listing, serves=serves, latest=latest, month=month_of(now),
        used=queries.used_in(current_user, month_of(now)), most=settings().all_access_limit,
    )  # fmt: skip
