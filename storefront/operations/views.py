"""The operators' pages of the shop's health."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for

from storefront.accounts.operators import operators_only
from storefront.kit import jobs as work
from storefront.kit.htmx import is_htmx, swaps
from storefront.kit.paging import Page
from storefront.operations import queries

blueprint = Blueprint("health", __name__, url_prefix="/admin/health")
blueprint.before_request(operators_only)

ROW = f"int(max={2**63 - 1})"  # no row has a greater id, and no engine can be asked for one
FEW = 5  # of what was mended, on the first page


@blueprint.get("")
def index() -> str:
    """What waits, what comes round, what was mended."""
    rounds = queries.rounds()
    last = queries.last_sign(rounds)
    return render_template(
        "operations/health.html",
        concerns=queries.concerns(),
        rounds=rounds,
        last_sign=last,
        is_silent=queries.is_silent(last),
        **_jobs("given-up", few=True),
        mendings=queries.mendings_page().rows[:FEW],
    )


@blueprint.get("/jobs")
def jobs() -> str:
    """Jobs that were given up, or with ``?state=waiting`` those that wait."""
    return render_template("operations/jobs.html", **_jobs(request.args.get("state")))


def _jobs(state: str | None, *, few: bool = False) -> dict[str, Any]:
    """A page of jobs in a state, or the first few of them for a page that shows other things too."""
    known = "waiting" if state == "waiting" else "given-up"
    page = queries.jobs_page(known, None if few else request.args.get("after"))
    return {"page": Page(page.rows[:FEW], None) if few else page, "state": known, "few": few}


@blueprint.get("/mendings")
def mendings() -> str:
    return render_template("operations/mendings.html", page=queries.mendings_page(request.args.get("after")))


@blueprint.post(f"/jobs/<{ROW}:job_id>/tries")
def create_try(job_id: int) -> Response:
    """Have a job tried again at once. One that is done meanwhile stays done."""
    again = work.try_again(job_id)
    answer = "It is tried again now." if again else "It is done, or being done, already."
    if not is_htmx():
        flash(answer)
    shown = _jobs(request.args.get("state"), few=bool(request.args.get("few")))
    onward = url_for("health.jobs", state=request.args.get("state"))
    trouble = queries.trouble()
    return swaps("operations/job_tried.swaps.html", otherwise=onward, answer=answer, trouble=trouble, **shown)
