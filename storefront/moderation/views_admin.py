"""The operators' page of reports: what waits, one of them, and deciding about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_login import current_user

from storefront.accounts.operators import operators_only
from storefront.kit.htmx import is_htmx, page_or_fragment, swaps
from storefront.moderation import deciding, queries
from storefront.moderation.forms import DecisionForm
from storefront.moderation.models import STATES
from storefront.moderation.rules import NAMES

blueprint = Blueprint("reports", __name__, url_prefix="/admin/reports")
blueprint.before_request(operators_only)

ANSWERS = {
    "dismiss": "Dismissed. The report no longer counts.",
    "uphold": "Upheld. The listing is out of the catalog.",
    "restore": "Restored. The listing is back in the catalog.",
}


@blueprint.get("")
@blueprint.get("/<public_id>")
def index(public_id: str | None = None) -> Response:
    """The queue at the left and one report at the right: the one named, else the newest."""
    queue = queue_context()
    rows = queue["queued"].rows
    shown = public_id or (rows[0].public_id if rows else None)
    opened = report_context(shown, DecisionForm()) if shown else {"report": None, "names": NAMES}
    page = render_template("moderation/reports.html", is_chosen=public_id is not None, **queue, **opened)
    return make_response(page)


@blueprint.post("/<public_id>/decisions")
def create_decision(public_id: str) -> Response:
    """Dismiss, uphold or restore, for a reason."""
    report = queries.any_report(public_id)
    form = DecisionForm()
    if not form.validate():
        shown = {**queue_context(), **report_context(public_id, form), "is_chosen": True}
        response = page_or_fragment("moderation/reports.html", "moderation/_report.html", **shown)
        response.status_code = 422
        return response
    deciding.VERBS[form.verdict.data](report, form.reason.data, by=current_user)
    answer = ANSWERS[form.verdict.data]
    if not is_htmx():
        flash(answer)
    queue = queue_context()
    return swaps(
        "moderation/decided.swaps.html",
        otherwise=url_for("reports.index", public_id=public_id, state=queue["state"]),
        answer=answer,
        is_chosen=True,
        **queue,
        **report_context(public_id, DecisionForm(formdata=None)),
    )


def queue_context() -> dict[str, Any]:
    """What the queue wants: a page of reports in the state that the address names, and how many are open."""
    state = queries.known_state(request.args.get("state"))
    page = queries.reports_page(state, request.args.get("after"))
    return {"queued": page, "state": state, "states": STATES, "waiting": queries.waiting()}


def report_context(public_id: str, form: DecisionForm) -> dict[str, Any]:
    """What a report's page wants. Raises NotFound."""
    report = queries.any_report(public_id)
    return {"report": report, "names": NAMES, "happened": queries.what_happened(report), "form": form}
