"""What All-Access puts into pages of other slices."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.checkout.services import is_own
from storefront.config import current as settings
from storefront.copies import queries, simulator
from storefront.copies.earnings import monthly_earnings
from storefront.copies.months import month_of
from storefront.kit import clock
from storefront.kit.money import Money
from storefront.licenses.queries import live_license
from storefront.subscriptions.models import Subscription
from storefront.subscriptions.queries import live

FEW = 3
KEPT = ("interval", "plan")  # of the address of the page of prices, while the copies in it change


def listing_offer(listing: Listing) -> str:
    """On a listing that a pass includes: the meter and the button for who has one, and the way to what they copied.

    Whoever has none is told of All-Access, unless the work is theirs anyway. A stranger's page is shared, so it holds
    no meter and is asked nothing.
    """
    if not listing.all_access or listing.is_free:
        return ""
    if not current_user.is_authenticated:
        return render_template("copies/_offer.html", serves=False, latest=None, told=True)
    now = clock.now()
    subscription = live(current_user, "pass")
    serves = subscription is not None and subscription.serves(now, grace=settings().grace)
    latest = queries.latest_copy(current_user, listing.id)
    told = listing.is_public and not serves and not _is_theirs(listing)
    if not (serves or latest or told):
        return ""
    return render_template(
        "copies/_offer.html", listing=listing, serves=serves, latest=latest, told=told, month=month_of(now),
        used=queries.used_in(current_user, month_of(now)) if serves else 0, most=settings().all_access_limit,
    )  # fmt: skip


def _is_theirs(listing: Listing) -> bool:
    return is_own(listing, current_user) or live_license(current_user, listing.id) is not None


def pricing_pass() -> str:
    """What copies pay, beside All-Access on the page of prices."""
    return render_template(
        "copies/_simulator.html", simulation=simulator.simulate(request.args.get("copies")),
        most=settings().all_access_limit, credit=settings().copy_credit, example=simulator.example(),
        price=Money(settings().all_access_price, settings().currency), members=simulator.MEMBERS,
        works=simulator.WORKS, kept={name: request.args[name] for name in KEPT if name in request.args},
    )  # fmt: skip


def billing_pass(subscription: Subscription) -> str:
    """How much of the month a pass has used, and the way to what was copied with it, which stays."""
    now = clock.now()
    serves = subscription.serves(now, grace=settings().grace)
    used = queries.used_in(current_user, month_of(now)) if serves else None
    return render_template("copies/_pass.html", used=used, most=settings().all_access_limit)


def earned_by_copies(*, workspace: Workspace) -> str:
    """The latest months of copies, on the page of earnings; nothing for who never was copied."""
    months = monthly_earnings(workspace)
    if not months:
        return ""
    return render_template("copies/earned.html", workspace=workspace, months=months[:FEW], more=len(months) > FEW)
