"""A creator's earnings: balances, months, sales and what was booked about each, statements to keep."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.plans import PLATFORM_MONETIZE, PRICING, may
from storefront.accounts.queries import owner_of, workspace_for, workspaces_of
from storefront.kit.errors import NotFound, Unavailable
from storefront.ledger import earnings, statements
from storefront.ledger.chart import CHART
from storefront.ledger.keys import KeyMissing, shown_fingerprint
from storefront.ledger.queries import balance_of
from storefront.ledger.words import words_of

blueprint = Blueprint("earnings", __name__)


class NoStatements(Unavailable):
    title = "Statements can't be signed yet."
    message = "The shop has no key to sign them with. Tell its operators."


@blueprint.get("/earnings")
@auth_required()
def index() -> Response:
    """One workspace at a time: the one asked for, else the personal one. Whoever earned sees it, on any plan."""
    handle = request.args.get("workspace")
    mine = workspaces_of(current_user)
    workspace = workspace_for(current_user, handle) if handle else mine[0]
    balances = balance_of(workspace.id)
    years = earnings.years_of(workspace.id) if balances else {}
    page = render_template(
        "ledger/earnings.html",
        workspace=workspace,
        workspaces=mine,
        balances=balances or {},
        years=years,
        coming=earnings.coming_of(workspace.id) if balances else [],
        sales=earnings.sales_of(workspace.id, request.args.get("after")),
        may_sell=may(owner_of(workspace.id), PLATFORM_MONETIZE),
        pricing=PRICING,
        key=shown_fingerprint(),
    )
    return _private(page)


@blueprint.get("/earnings/<handle>/sales/<earning_id>")
@auth_required()
def sale(handle: str, earning_id: str) -> Response:
    """Everything that was booked about one sale."""
    workspace = workspace_for(current_user, handle)
    found = earnings.sale_of(workspace.id, earning_id)
    if found is None:
        raise NotFound
    postings = earnings.postings_of(found)
    page = render_template(
        "ledger/sale.html", workspace=workspace, sale=found, postings=postings, words_of=words_of, chart=CHART
    )
    return _private(page)


@blueprint.get("/earnings/<handle>/statements/<month>.<format>")
@auth_required()
def statement(handle: str, month: str, format: str) -> Response:
    """A month's statement as a signed file."""
    workspace = workspace_for(current_user, handle)
    try:
        first = earnings.month_of(month)
    except ValueError:
        raise NotFound from None
    if format not in statements.FORMATS:
        raise NotFound
    content = statements.statement_of(workspace, first)
    try:
        response = _private(statements.statement_file(content, format))
    except KeyMissing as why:
        raise NoStatements from why
    response.content_type = f"{statements.FORMATS[format]}; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=statements.file_name(content, format))
    return response


def _private(body: str | bytes) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response
