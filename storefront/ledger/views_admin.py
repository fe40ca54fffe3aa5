"""The operators' page of the shop's money."""

from __future__ import annotations

from flask import Blueprint, render_template

from storefront.accounts.operators import operators_only
from storefront.ledger import finance, queries
from storefront.ledger.keys import shown_fingerprint

blueprint = Blueprint("finance", __name__, url_prefix="/admin/finance")
blueprint.before_request(operators_only)


@blueprint.get("")
def index() -> str:
    """What the shop has, owes and keeps, and whether the books are right."""
    books = finance.books()
    return render_template(
        "ledger/finance.html",
        books=books,
        months={each.currency: finance.months(each.currency) for each in books},
        seals=finance.seals(),
        check=queries.last_check(),
        comparison=queries.last_check("stripe"),
        key=shown_fingerprint(),
    )
