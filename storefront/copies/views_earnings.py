"""What a workspace gets for copies: its months, and the statement of each. Its members see them."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, stream_with_context
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.queries import workspace_for
from storefront.copies import earnings
from storefront.copies.files import works_csv

blueprint = Blueprint("copy_earnings", __name__)


@blueprint.get("/earnings/<handle>/copies")
@auth_required()
def index(handle: str) -> Response:
    workspace = workspace_for(current_user, handle)
    months = earnings.months_page(workspace, request.args.get("after"))
    return _private(render_template("copies/months.html", workspace=workspace, months=months))


@blueprint.get("/earnings/<handle>/copies/<month>")
@auth_required()
def show(handle: str, month: str) -> Response:
    """A month's statement: what of each work was copied, and what that credits. It names no member."""
    workspace = workspace_for(current_user, handle)
    page = render_template(
        "copies/statement.html",
        workspace=workspace,
        month=month,
        earned=earnings.earnings_of(workspace, month),
        works=earnings.works_page(workspace, month, request.args.get("after")),
    )
    return _private(page)


@blueprint.get("/earnings/<handle>/copies/<month>.csv")
@auth_required()
def file(handle: str, month: str) -> Response:
    workspace = workspace_for(current_user, handle)
    lines = works_csv(workspace, month, earnings.earnings_of(workspace, month))
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"copies-{workspace.handle}-{month}.csv")
    response.headers["Cache-Control"] = "no-store"
    return response


def _private(body: str) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response
