"""A creator's sales, one by one, and the requests for refunds that wait for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.db import step
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.refunds import queries, sending, services
from storefront.refunds.forms import DecisionForm, GiveForm

blueprint = Blueprint("refunds_desk", __name__)


@blueprint.get("/dashboard/refunds")
@auth_required()
def index() -> Response:
    state = queries.known_state(request.args.get("state"))
    listed = queries.refunds_page(request.args.get("after"), person=current_user, state=state)
    shown = {"listed": listed, "state": state, "waiting": queries.waiting_for(current_user), "desk": True}
    return page_or_fragment("refunds/desk.html", "refunds/_refunds.html", **shown)


@blueprint.get("/dashboard/sales/<public_id>")
@auth_required()
def sale(public_id: str) -> str:
    """What was sold and what became of its money."""
    return _page(queries.sale_for(current_user, public_id))


@blueprint.post("/sales/<public_id>/refunds")
@auth_required()
def create(public_id: str) -> Response:
    """Give back all that is left."""
    sale = queries.sale_for(current_user, public_id, to="own")
    form = GiveForm()
    if not form.validate():
        return make_response(_page(sale, give=form), 422)
    with step():
        sale = queries.sale_for(current_user, public_id, to="own")
        refund = services.give(sale.order, None, form.reason.data, origin="creator", by=current_user)
    sending.try_to_send(refund)
    flash("The money is going back.")
    return redirect(url_for("refunds_desk.sale", public_id=public_id))


@blueprint.post("/refunds/<public_id>/decision")
@auth_required()
def decide(public_id: str) -> Response:
    """Grant or decline a request that waits."""
    refund = queries.refund_for(current_user, public_id, to="own")
    order_id = refund.order.public_id
    form = DecisionForm()
    if not form.validate():
        return make_response(_page(queries.sale_for(current_user, order_id), decision=form), 422)
    verb = services.grant if form.verdict.data == "grant" else services.decline
    with step():
        refund = verb(queries.refund_for(current_user, public_id, to="own"), form.answer.data or "", by=current_user)
    sending.try_to_send(refund)
    flash("Declined. The buyer is told why." if form.verdict.data == "decline" else "The money is going back.")
    return redirect(url_for("refunds_desk.sale", public_id=order_id))


def _page(sale: queries.Sale, **forms: Any) -> str:
    given = {"give": GiveForm(formdata=None), "decision": DecisionForm(formdata=None), **forms}
    return render_template("refunds/sale.html", sale=sale, **given)
