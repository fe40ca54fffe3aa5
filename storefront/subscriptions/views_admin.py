"""Operators' page of subscriptions: everybody's, by how they stand."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from storefront.accounts.operators import operators_only
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.payments.webhooks import Parked
from storefront.subscriptions import asking, queries
from storefront.subscriptions.models import STATUSES

blueprint = Blueprint("subscriptions_admin", __name__, url_prefix="/admin/subscriptions")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> Response:
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    listed = queries.everyones(status, request.args.get("after"))
    shown = {"listed": listed, "status": status}
    return page_or_fragment("subscriptions/admin.html", "subscriptions/_admin.html", **shown)


@blueprint.post("/<public_id>/look")
def look(public_id: str) -> Response:
    """Ask Stripe how one stands, now."""
    try:
        asking.look(queries.anyones(public_id).stripe_id)
        flash("Stripe was asked.")
    except Parked as why:
        flash(str(why), "error")
    return redirect(url_for("subscriptions_admin.index"))
