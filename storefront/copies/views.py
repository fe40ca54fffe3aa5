"""Copying a listing, and the shelf of what was copied."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import listing_offered
from storefront.config import current as settings
from storefront.copies import queries, services
from storefront.copies.months import month_of
from storefront.copies.payments import payments_of
from storefront.kit import clock
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.library.queries import counts_of
from storefront.subscriptions.queries import live
from storefront.works.contents import published

LATEST = 3  # payments shown below the copies

blueprint = Blueprint("copies", __name__)


@blueprint.post("/listings/<slug>/copies")
@auth_required()
def create(slug: str) -> Response:
    copy = services.copy_listing(listing_offered(slug), by=current_user)
    return redirect(url_for("copies.show", public_id=copy.public_id))


@blueprint.get("/copies")
@auth_required()
def index() -> Response:
    """What somebody copied, what is left of the month, and where their last payments went."""
    now = clock.now()
    subscription = live(current_user, "pass")
    return page_or_fragment(
        "copies/index.html",
        "copies/_copies.html",
        copies=queries.copied_by(current_user, request.args.get("after")),
        counts=counts_of(current_user),
        serves=subscription is not None and subscription.serves(now, grace=settings().grace),
        used=queries.used_in(current_user, month_of(now)),
        most=settings().all_access_limit,
        payments=payments_of(current_user, limit=LATEST),
    )


@blueprint.get("/copies/<public_id>")
@auth_required()
def show(public_id: str) -> str:
    """The prompts of a copy, as they were in its version."""
    copy = queries.copy_for(current_user, public_id)
    return render_template("copies/copy.html", copy=copy, prompts=published(copy.version).of_kind("prompt"))
