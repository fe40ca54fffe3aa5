"""Pages of the library: works, purchases, one license, and cloning again."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.htmx import page_or_fragment, swaps
from storefront.library import services
from storefront.library.holdings import holding_of, holdings_of
from storefront.library.purchases import purchase_of_license, purchases_csv, purchases_of
from storefront.library.queries import clones_of, counts_of
from storefront.licenses.queries import license_for

LATEST = 4  # purchases shown below the works

blueprint = Blueprint("library", __name__)


@blueprint.get("/library")
@auth_required()
def index() -> Response:
    holdings = holdings_of(current_user, request.args.get("after"))
    return page_or_fragment(
        "library/index.html",
        "library/_holdings.html",
        holdings=holdings,
        counts=counts_of(current_user),
        bought=purchases_of(current_user, limit=LATEST),
    )


@blueprint.get("/library/purchases")
@auth_required()
def purchases() -> Response:
    bought = purchases_of(current_user, request.args.get("after"))
    counts = counts_of(current_user)
    return page_or_fragment("library/purchases.html", "library/_purchases.html", bought=bought, counts=counts)


@blueprint.get("/library/purchases.csv")
@auth_required()
def purchases_file() -> Response:
    response = make_response("".join(purchases_csv(current_user)))
    response.content_type = "text/csv; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename="purchases.csv")
    return response


@blueprint.get("/library/<public_id>")
@auth_required()
def show(public_id: str) -> str:
    """A license: its number, terms and receipt, and the copies made under it."""
    license = license_for(current_user, public_id)
    return render_template(
        "library/license.html",
        license=license,
        holding=holding_of(current_user, public_id),
        purchase=purchase_of_license(current_user, license.id),
        clones=clones_of(license.id),
    )


@blueprint.post("/licenses/<public_id>/clones")
@auth_required()
def create_clone(public_id: str) -> Response:
    license = license_for(current_user, public_id)
    clone = services.clone_again(license, by=current_user)
    return swaps(
        "library/clone_created.swaps.html",
        otherwise=url_for("works.show", public_id=clone.work.public_id),
        clone=clone,
        license=license,
        holding=holding_of(current_user, public_id),
        clones=clones_of(license.id),
    )
