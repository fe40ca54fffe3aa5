"""The operators' page of orders that should be over: asking Stripe about one, or giving its money back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for

from storefront.accounts.operators import operators_only
from storefront.checkout import jobs, queries
from storefront.kit.htmx import is_htmx, swaps

blueprint = Blueprint("orders", __name__, url_prefix="/admin/orders")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> str:
    """Open orders whose session ran out, and payments that still have to go back."""
    return render_template("checkout/overdue.html", page=queries.overdue_page(request.args.get("after")))


@blueprint.post("/<public_id>/checks")
def create_check(public_id: str) -> Response:
    """Ask Stripe about an order now, as the sweep does. Its refusals are shown as they are."""
    order = queries.any_order(public_id)
    before = order.status
    jobs.look_after(order)
    after = queries.any_order(public_id).status
    answer = "It is as it was." if after == before else f"The order is {after} now."
    if not is_htmx():
        flash(answer)
    page = queries.overdue_page(request.args.get("after"))
    onward = url_for("orders.index")
    return swaps("checkout/order_checked.swaps.html", otherwise=onward, answer=answer, page=page)
