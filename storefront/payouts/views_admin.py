"""Operators' page of payouts: what a run would pay now, running it, and what became of each."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from storefront.accounts.operators import operators_only
from storefront.kit import clock
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.payouts import payout_queries, runs, words
from storefront.payouts.forms import RunForm

blueprint = Blueprint("payouts_admin", __name__, url_prefix="/admin/payouts")
blueprint.before_request(operators_only)

SHOWN = 50


@blueprint.get("")
def index() -> Response:
    now = clock.now()
    verdicts = runs.preview(runs.month_of(now), now)
    shown = verdicts[:SHOWN]
    state = payout_queries.known_state(request.args.get("state"))
    return page_or_fragment(
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
    )


@blueprint.post("/runs")
def create() -> Response:
    """Run this month's payouts now."""
    now = clock.now()
    made = runs.prepare(runs.month_of(now), now, by=current_user)
    flash(f"{len(made)} {'payout is' if len(made) == 1 else 'payouts are'} on the way.")
    return redirect(url_for("payouts_admin.index"))
