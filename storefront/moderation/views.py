"""Reporting a listing: a dialog on its page, and a page of its own."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import listing_offered
from storefront.kit import htmx
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.moderation import services
from storefront.moderation.forms import ReportForm
from storefront.moderation.panels import form_context

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/listings/<slug>/report")
@auth_required()
def new(slug: str) -> Response:
    """Where signing in leads back to, and what the button opens without script."""
    listing = listing_offered(slug)
    services.refuse_unless_may_report(listing, current_user)
    return make_response(render_template("moderation/report.html", **form_context(listing, current_user)))


@blueprint.post("/listings/<slug>/reports")
@auth_required()
def create(slug: str) -> Response:
    listing = listing_offered(slug)
    services.refuse_unless_may_report(listing, current_user)
    form = ReportForm()
    if not form.validate():
        shown = {**form_context(listing, current_user), "form": form}
        response = page_or_fragment("moderation/report.html", "moderation/_report_form.html", **shown)
        response.status_code = 422
        return response
    services.report(listing, form.claim, by=current_user)
    if htmx.is_htmx():
        return make_response(render_template("moderation/_reported.html", listing=listing))
    flash("Thank you. An operator will look at it and write to you.")
    # Its own report may just have taken the page away.
    here = url_for("catalog.listing", slug=slug) if listing.is_public else url_for("catalog.index")
    return redirect(here)
