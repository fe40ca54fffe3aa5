"""Today at the desk, and all sales as a file."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, stream_with_context
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.plans import PLATFORM_MONETIZE, PRICING, require
from storefront.dashboard import figures
from storefront.dashboard.todos import todos_of
from storefront.selling.queries import works_to_list
from storefront.selling.table import View, table_for

blueprint = Blueprint("dashboard", __name__)

USUAL = 30


@blueprint.get("/dashboard")
@auth_required()
def index() -> Response:
    table = table_for(current_user, View())
    asked = request.args.get("days", USUAL, type=int)
    span = asked if asked in figures.PERIODS else USUAL
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
        top=figures.top_listings(current_user, span) if may_see else [],
        pricing=PRICING,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/dashboard/sales.csv")
@auth_required()
def sales_file() -> Response:
    if not figures.may_see_figures(current_user):
        require(current_user, PLATFORM_MONETIZE)  # refuses: their own workspace is one of those that were looked at
    response = Response(stream_with_context(figures.sales_csv(current_user)), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="sales.csv")
    return response
