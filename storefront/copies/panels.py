"""What All-Access puts into pages of other slices."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.copies import queries, simulator
from storefront.copies.earnings import monthly_earnings
from storefront.copies.months import month_of
from storefront.kit import clock
from storefront.kit.money import Money
from storefront.subscriptions.queries import live

FEW = 3
KEPT = ("interval", "plan")  # of the address of the page of prices, while the copies in it change


def listing_offer(listing: Listing) -> str:
    """The meter and the button, on a listing that a pass includes, for who has one; the way to what they copied.

    A stranger's page is shared and holds no meter.
    """
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


def pricing_pass() -> str:
    """What copies pay, beside All-Access on the page of prices."""
    return render_template(
        "copies/_simulator.html", simulation=simulator.simulate(request.args.get("copies")),
        most=settings().all_access_limit, credit=settings().copy_credit, example=simulator.example(),
        price=Money(settings().all_access_price, settings().currency), members=simulator.MEMBERS,
        works=simulator.WORKS, kept={name: request.args[name] for name in KEPT if name in request.args},
    )  # fmt: skip


def earned_by_copies(*, workspace: Workspace) -> str:
    """The latest months of copies, on the page of earnings; nothing for who never was copied."""
    months = monthly_earnings(workspace)
    if not months:
        return ""
    return render_template("copies/earned.html", workspace=workspace, months=months[:FEW], more=len(months) > FEW)
