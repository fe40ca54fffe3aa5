"""Operators' page of refunds: what waits, what failed, and giving back all or a part of any order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from storefront.accounts.operators import operators_only
from storefront.kit.db import step
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.refunds import queries, sending, services
from storefront.refunds.forms import DecisionForm, GivePartForm, ResolveForm

blueprint = Blueprint("refunds_admin", __name__, url_prefix="/admin/refunds")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> Response:
    state = queries.known_state(request.args.get("state"))
    listed = queries.refunds_page(request.args.get("after"), state=state)
    shown = {"listed": listed, "state": state, "desk": False}
    return page_or_fragment("refunds/admin.html", "refunds/_refunds.html", **shown)


@blueprint.get("/orders/<public_id>")
def sale(public_id: str) -> str:
    return _page(queries.any_sale(public_id))


@blueprint.post("/orders/<public_id>/refunds")
def create(public_id: str) -> Response:
    """Give back an amount, all that is left or less."""
    sale = queries.any_sale(public_id)
    form = GivePartForm(left=sale.left, currency=sale.order.currency, formdata=request.form)
    if not form.validate():
        return make_response(_page(sale, give=form), 422)
    whole = form.amount.data == sale.left
    with step():
        order = queries.any_sale(public_id).order
        refund = services.give(
            order, None if whole else form.amount.data, form.reason.data, origin="operator", by=current_user
        )
    sending.try_to_send(refund)
    flash("The money is going back.")
    return redirect(url_for("refunds_admin.sale", public_id=public_id))


@blueprint.post("/<public_id>/decision")
def decide(public_id: str) -> Response:
    order_id = queries.any_refund(public_id).order.public_id
    form = DecisionForm()
    if not form.validate():
        return make_response(_page(queries.any_sale(order_id), decision=form), 422)
    verb = services.grant if form.verdict.data == "grant" else services.decline
    with step():
        refund = verb(queries.any_refund(public_id), form.answer.data or "", by=current_user)
    sending.try_to_send(refund)
    flash("Declined. The buyer is told why." if form.verdict.data == "decline" else "The money is going back.")
    return redirect(url_for("refunds_admin.sale", public_id=order_id))


@blueprint.post("/<public_id>/resolution")
def resolve(public_id: str) -> Response:
    """Note what was done about one that failed."""
    order_id = queries.any_refund(public_id).order.public_id
    form = ResolveForm()
    if not form.validate():
        return make_response(_page(queries.any_sale(order_id), resolution=form), 422)
    with step():
        services.resolve(queries.any_refund(public_id), form.note.data, by=current_user)
    flash("Noted.")
    return redirect(url_for("refunds_admin.sale", public_id=order_id))


def _page(sale: queries.Sale, **forms: Any) -> str:
    part = GivePartForm(left=sale.left, currency=sale.order.currency, formdata=None, data={"amount": sale.left})
    given = {"give": part, "decision": DecisionForm(formdata=None), "resolution": ResolveForm(formdata=None), **forms}
    return render_template("refunds/admin_sale.html", sale=sale, **given)
