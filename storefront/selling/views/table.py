"""The table of listings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request, stream_with_context, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.htmx import page_or_fragment
from storefront.selling.files import listings_csv
from storefront.selling.queries import works_to_list
from storefront.selling.table import SORTS, View, table_for
from storefront.selling.views.frame import blueprint, unkept


@blueprint.get("/dashboard/listings")
@auth_required()
def index() -> Response:
    table = table_for(current_user, View.read(request.args), request.args.get("after", ""))
    page = page_or_fragment(
        "selling/index.html",
        "selling/_selling_table.html",
        table=table,
        sorts=SORTS,
        has_works=table.is_empty and bool(works_to_list(current_user)),
    )
    return unkept(page)


@blueprint.get("/dashboard/listings.csv")
@auth_required()
def listings_file() -> Response:
    """The table as it is looked at, whole."""
    lines = listings_csv(current_user, View.read(request.args))
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="listings.csv")
    return response


def table_url(asked: Mapping[str, str]) -> str:
    """The table as it is looked at."""
    values: dict[str, Any] = View.read(asked).values()
    return url_for("selling.index", **values)
