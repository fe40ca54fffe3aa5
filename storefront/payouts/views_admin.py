"""Operators' page of payouts: what a run would pay now, running it, and what became of each."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from storefront.accounts.operators import operators_only
from storefront.kit import clock
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.payouts import payout_queries, runs, words
from storefront.payouts.forms import ByHandForm, RunForm

blueprint = Blueprint("payouts_admin", __name__, url_prefix="/admin/payouts")
blueprint.before_request(operators_only)

SHOWN = 50


@blueprint.get("")
def index() -> Response:
    return _page(ByHandForm())


@blueprint.post("/runs")
def create() -> Response:
    """Run this month's payouts now."""
    now = clock.now()
    made = runs.prepare(runs.month_of(now), now, by=current_user)
    flash(f"{len(made)} {'payout is' if len(made) == 1 else 'payouts are'} on the way.")
    return redirect(url_for("payouts_admin.index"))


@blueprint.post("/by-hand")
def create_by_hand() -> Response:
    """Note what was paid to a creator without Stripe."""
    form = ByHandForm(formdata=request.form)
    if not form.validate():
        return _page(form, 422)
    workspace = payout_queries.workspace_named(form.handle.data)
    if workspace is None:
        form.handle.errors = ["No workspace has this handle."]
        return _page(form, 422)
    try:
        payout = runs.pay_by_hand(workspace, form.money, form.reference.data, by=current_user)
    except runs.MoreThanPayable as refusal:
        form.amount.errors = [refusal.message]
        return _page(form, 422)
    flash(f"{payout.money} is noted as paid to @{workspace.handle}.")
    return redirect(url_for("payouts_admin.index"))


def _page(by_hand: ByHandForm, status: int = 200) -> Response:
    now = clock.now()
    verdicts = runs.preview(runs.month_of(now), now)
    shown = verdicts[:SHOWN]
    state = payout_queries.known_state(request.args.get("state"))
    page = page_or_fragment(
        "payouts/admin.html",
        "payouts/_payouts.html",
        month=runs.month_of(now),
        verdicts=shown,
        more=len(verdicts) - len(shown),
        paid=sum(not each.reason for each in verdicts),
        handles=payout_queries.handles([each.workspace_id for each in shown]),
        listed=payout_queries.payouts_page(request.args.get("after"), state=state),
        state=state,
        skipped=words.SKIPPED,
        form=RunForm(formdata=None),
        by_hand=by_hand,
    )
    page.status_code = status
    return page
