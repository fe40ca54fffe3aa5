"""Today at the desk, and its figures as files."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, make_response, render_template, request, stream_with_context
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.plans import PLATFORM_MONETIZE, PRICING, require
from storefront.dashboard import figures
from storefront.dashboard.facts import rate_words
from storefront.dashboard.files import days_csv, sales_csv
from storefront.dashboard.todos import todos_of
from storefront.selling.queries import works_to_list
from storefront.selling.table import View, table_for

blueprint = Blueprint("dashboard", __name__)

USUAL = 30


@blueprint.get("/dashboard")
@auth_required()
def index() -> Response:
    table = table_for(current_user, View())
    span, order = _span(), request.args.get("by", "")
    order = order if order in figures.ORDERS else "gets"
    may_see = figures.may_see_figures(current_user)
    page = render_template(
        "dashboard/index.html",
        table=table,
        todos=todos_of(table.rows),
        has_works=table.is_empty and bool(works_to_list(current_user)),
        span=span,
        periods=figures.PERIODS,
        figures=figures.figures_for(current_user, span) if may_see else None,
        latest=figures.latest_sales(current_user) if may_see else [],
        top=figures.top_listings(current_user, span, order) if may_see else [],
        order=order,
        orders=figures.ORDERS,
        rate_words=rate_words,
        pricing=PRICING,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/dashboard/sales.csv")
@auth_required()
def sales_file() -> Response:
    _see_figures()
    return _file("sales.csv", sales_csv(current_user))


@blueprint.get("/dashboard/days.csv")
@auth_required()
def days_file() -> Response:
    _see_figures()
    return _file("days.csv", days_csv(current_user, _span()))


def _span() -> int:
    """For how many days is asked."""
    asked = request.args.get("days", USUAL, type=int)
    return asked if asked in figures.PERIODS else USUAL


def _see_figures() -> None:
    """Raises PlanNeeded for somebody without a workspace whose figures they may see."""
    if not figures.may_see_figures(current_user):
        require(current_user, PLATFORM_MONETIZE)  # refuses: their own workspace is one of those that were looked at


def _file(name: str, lines: Iterator[str]) -> Response:
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
