"""Get, and what follows it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import find_offered, listing_offered
from storefront.checkout import getting
from storefront.checkout.forms import GetForm
from storefront.checkout.services import AlreadyYours, PriceChanged
from storefront.kit import htmx
from storefront.kit.errors import NotFound
from storefront.licenses.models import License
from storefront.licenses.queries import license_for, live_license

blueprint = Blueprint("checkout", __name__)


@blueprint.get("/listings/<slug>/get")
@auth_required()
def confirm_get(slug: str) -> str:
    """Where signing in or up leads back to: a page that posts, because a link must not buy."""
    return _confirm_page(slug)


@blueprint.post("/listings/<slug>/orders")
@auth_required()
def create_order(slug: str) -> Response:
    form = GetForm()
    if not form.validate():
        return make_response(_confirm_page(slug, changed=True), 422)
    try:
        got = getting.get(slug, current_user, price=form.price.data, currency=form.currency.data)
    except PriceChanged:
        return make_response(_confirm_page(slug, changed=True), 409)
    except AlreadyYours:
        flash("It is yours already.")
        return htmx.redirect(url_for("library.index"))
    if isinstance(got, License):
        return htmx.redirect(url_for("checkout.got", public_id=got.public_id))
    return htmx.redirect(got)


@blueprint.get("/checkout/success")
@auth_required()
def success() -> Response:
    """The page Stripe sends the buyer back to. It asks Stripe itself, so it works before the webhook does."""
    order = getting.confirm(request.args.get("session_id", ""), current_user)
    if order.license is not None:
        return _yours(order.license.public_id)
    page = "checkout/confirming.html" if order.status == "open" else "checkout/not_paid.html"
    response = make_response(render_template(page, order=order, listing=order.listing))
    if order.status == "open":
        response.headers["Refresh"] = "5"  # the page moves on by itself where no script runs
    return response


@blueprint.get("/library/<public_id>/got")
@auth_required()
def got(public_id: str) -> Response:
    """"It is yours", for a free work or for one that was paid a moment ago."""
    return _yours(public_id)


@blueprint.get("/checkout/cancel")
def cancel() -> str:
    """Left without paying. Nothing was charged, and **Get** leads to the same session while it is open."""
    listing = find_offered(request.args.get("listing", ""))
    return render_template("checkout/cancel.html", listing=listing)


def _confirm_page(slug: str, *, changed: bool = False) -> str:
    listing = listing_offered(slug)
    if listing.workspace.owner_id == current_user.id:
        raise NotFound("This is your own work; there is nothing to get.", title="This is yours to begin with.")
    form = GetForm(formdata=None, obj=listing)
    license = live_license(current_user, listing.id)
    return render_template("checkout/confirm.html", listing=listing, form=form, license=license, changed=changed)


def _yours(public_id: str) -> Response:
    license = license_for(current_user, public_id)
    return make_response(render_template("checkout/yours.html", license=license, listing=license.listing))
