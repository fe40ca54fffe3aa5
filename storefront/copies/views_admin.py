"""Operators' pages of the pool: the month that is closed next, those that are, and what looks like gaming."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, stream_with_context, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from storefront.accounts.operators import operators_only
from storefront.copies import gaming, overview, pool
from storefront.copies.files import statements_csv
from storefront.copies.preview import next_to_close, preview
from storefront.kit import clock
from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment, redirect

blueprint = Blueprint("pool_admin", __name__, url_prefix="/admin/pool")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> str:
    month, is_over = next_to_close(clock.now())
    return render_template(
        "copies/admin.html",
        month=month,
        is_over=is_over,
        previews=preview(month),
        months=overview.months_page(request.args.get("after")),
        flags=overview.flags_page(),
        form=FlaskForm(formdata=None),
    )


@blueprint.post("/<month>/close")
def close(month: str) -> Response:
    """Close a month that is over, now and not with the worker's next round."""
    try:
        is_new = pool.close(month)
    except ValueError:
        raise NotFound from None
    flash(f"{month} is closed." if is_new else f"{month} was closed before.")
    return redirect(url_for("pool_admin.index"))


@blueprint.get("/<month>")
def show(month: str) -> str:
    """What each workspace got of a closed month."""
    return render_template(
        "copies/admin_month.html",
        month=month,
        sums=overview.month_closed(month),
        statements=overview.statements_page(month, request.args.get("after")),
    )


@blueprint.get("/<month>.csv")
def file(month: str) -> Response:
    overview.month_closed(month)
    response = Response(stream_with_context(statements_csv(month)), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"pool-{month}.csv")
    return response


@blueprint.get("/flags")
def flags() -> Response:
    """What was flagged: what waits, or with ``state=seen`` what was looked at."""
    is_seen = request.args.get("state") == "seen"
    return page_or_fragment(
        "copies/admin_flags.html",
        "copies/_flags.html",
        flags=overview.flags_page(request.args.get("after"), looked_at=is_seen),
        is_seen=is_seen,
        form=FlaskForm(formdata=None),
    )


@blueprint.post("/flags/<int:flag_id>/looked-at")
def look_at(flag_id: int) -> Response:
    gaming.mark(overview.flag_of(flag_id), by=current_user)
    flash("It is marked as looked at.")
    return redirect(url_for("pool_admin.flags"))
