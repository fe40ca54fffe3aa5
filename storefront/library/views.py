"""Pages of the library: works, purchases, one license, and cloning again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.queries import workspace_for
from storefront.kit.attachments import attachment
from storefront.kit.htmx import page_or_fragment, redirect, swaps
from storefront.library import downloads, receipts, services
from storefront.library.forms import DownloadForm
from storefront.library.holdings import holding_of, holdings_of
from storefront.library.lineage import lineage_of
from storefront.library.purchases import purchase_of_license, purchases_csv, purchases_of
from storefront.library.queries import clones_of, counts_of, places_for
from storefront.licenses.models import License
from storefront.licenses.queries import license_for
from storefront.works.container.layout import MIME

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


@blueprint.get("/library/receipts/<public_id>")
@auth_required()
def receipt(public_id: str) -> str:
    """One purchase on paper."""
    order = receipts.receipt_for(current_user, public_id)
    shown = {"order": order, "number": receipts.number_of(order), "seller": receipts.seller()}
    return render_template("library/receipt.html", **shown)


@blueprint.get("/library/<public_id>")
@auth_required()
def show(public_id: str) -> str:
    """A license: its number, terms and receipt, and the copies made under it."""
    license = license_for(current_user, public_id)
    return render_template("library/license.html", **_about(license), form=DownloadForm())


def _about(license: License) -> dict[str, Any]:
    """What the page of a license shows."""
    return {
        "license": license,
        "holding": holding_of(current_user, license.public_id),
        "purchase": purchase_of_license(current_user, license.id),
        "clones": clones_of(license),
        "places": places_for(license),
        "lineage": lineage_of(license.listing),
    }


@blueprint.post("/licenses/<public_id>/clones")
@auth_required()
def create_clone(public_id: str) -> Response:
    """Into the workspace that the form names, else the person's own."""
    license = license_for(current_user, public_id)
    named = request.form.get("workspace")
    into = workspace_for(current_user, named, to="edit") if named else None
    clone = services.clone_again(license, by=current_user, into=into)
    return swaps(
        "library/clone_created.swaps.html",
        otherwise=url_for("works.show", public_id=clone.work.public_id),
        clone=clone,
        license=license,
        holding=holding_of(current_user, public_id),
        clones=clones_of(license),
        places=places_for(license),
    )


@blueprint.post("/licenses/<public_id>/downloads")
@auth_required()
def create_download(public_id: str) -> Response:
    """A link that lives an hour; with a pass phrase the sealed file itself, so that the phrase is in no address."""
    license = license_for(current_user, public_id)
    form = DownloadForm()
    if not form.validate_on_submit():
        return make_response(render_template("library/license.html", **_about(license), form=form), 422)
    if form.phrase.data:
        return _saved(downloads.sealed_download(license, form.phrase.data, by=current_user))
    return redirect(url_for("library.download", token=downloads.sign_link(license, by=current_user)))


@blueprint.get("/library/downloads/<token>")
@auth_required()
def download(token: str) -> Response:
    return _saved(downloads.download(downloads.license_of_link(current_user, token)))


def _saved(download: downloads.Download) -> Response:
    return attachment(download.pieces, name=download.name, content_type=MIME, size=download.size)
