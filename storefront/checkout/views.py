"""Get, and what follows it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import find_offered, listing_offered
from storefront.checkout import getting, panels, words
from storefront.checkout.forms import GetForm
from storefront.checkout.queries import order_of_license
from storefront.checkout.services import AlreadyYours, PriceChanged
from storefront.kit import htmx
from storefront.licenses.models import License
from storefront.licenses.queries import license_for

blueprint = Blueprint("checkout", __name__)


@blueprint.get("/listings/<slug>/get")
@auth_required()
def confirm_get(slug: str) -> Response:
    """Where signing in or up leads back to: a page that posts, because a link must not buy."""
    return _look_again(slug)


@blueprint.post("/listings/<slug>/orders")
@auth_required()
def create_order(slug: str) -> Response:
    form = GetForm()
    if not form.validate():
        return _look_again(slug, 422)
    try:
        got = getting.get(slug, current_user, price=form.price.data, currency=form.currency.data)
    except PriceChanged:
        return _look_again(slug, 409)
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
        here = url_for("checkout.success", session_id=order.session_id)
        return htmx.redirect(here) if htmx.is_htmx() else _yours(order.license.public_id)
    if order.status != "open":
        return make_response(render_template("checkout/not_paid.html", order=order, listing=order.listing))
    response = htmx.page_or_fragment(
        "checkout/confirming.html", "checkout/_confirming.html", order=order, listing=order.listing
    )
    response.headers["Refresh"] = "10"  # the page moves on by itself where no script runs
    return response


@blueprint.get("/library/<public_id>/got")
@auth_required()
def got(public_id: str) -> Response:
    """It is yours: after getting a free work."""
    return _yours(public_id)


@blueprint.get("/checkout/cancel")
def cancel() -> str:
    """Left without paying. Nothing was charged, and **Get** leads to the same session while it is open."""
    listing = find_offered(request.args.get("listing", ""))
    return render_template("checkout/cancel.html", listing=listing)


def _look_again(slug: str, status: int = 200) -> Response:
    """The page to get a listing on; with an error status it says that the price has changed."""
    offered = {**panels.offer(listing_offered(slug)), "changed": status >= 400}
    response = htmx.page_or_fragment("checkout/confirm.html", "checkout/_offer.html", **offered)
    response.status_code = status
    return response


def _yours(public_id: str) -> Response:
    license = license_for(current_user, public_id)
    if not license.is_live:
        return htmx.redirect(url_for("library.show", public_id=public_id))  # it was; its own page says what happened
    page = render_template(
        "checkout/yours.html",
        license=license,
        listing=license.listing,
        order=order_of_license(license),
        contents=words.contents(license.version.item_counts),
        steps=words.next_steps(license),
    )
    return make_response(page)
