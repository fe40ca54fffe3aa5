"""Copying a listing, and the shelf of what was copied."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import listing_offered
from storefront.config import current as settings
from storefront.copies import queries, services
from storefront.copies.months import month_of
from storefront.kit import clock
from storefront.kit.htmx import redirect
from storefront.works.contents import published

blueprint = Blueprint("copies", __name__)


@blueprint.post("/listings/<slug>/copies")
@auth_required()
def create(slug: str) -> Response:
    copy = services.copy_listing(listing_offered(slug), by=current_user)
    return redirect(url_for("copies.show", public_id=copy.public_id))


@blueprint.get("/copies")
@auth_required()
def index() -> str:
    return render_template(
        "copies/index.html",
        copies=queries.copied_by(current_user, request.args.get("after")),
        used=queries.used_in(current_user, month_of(clock.now())),
        most=settings().all_access_limit,
    )


@blueprint.get("/copies/<public_id>")
@auth_required()
def show(public_id: str) -> str:
    """The prompts of a copy, as they were in its version."""
    copy = queries.copy_for(current_user, public_id)
    return render_template("copies/copy.html", copy=copy, prompts=published(copy.version).of_kind("prompt"))
