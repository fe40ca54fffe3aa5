"""What changed upstream since a copy was made: looked at, taken or kept item by item, and undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import Conflict, Forbidden
from storefront.kit.htmx import page_or_fragment, redirect
from storefront.library import updating
from storefront.library.comparison import MINE, changes, counts
from storefront.library.models import Clone
from storefront.library.queries import clone_to_update, clones_of, copy_words, versions_since
from storefront.licenses.models import License
from storefront.licenses.queries import license_for
from storefront.works.models import Version, Work
from storefront.works.queries import latest_version, work_to_edit

CHOICE = "choice."  # before an item's key, in the names of a form's fields
TAKE, KEEP = "take", "keep"

blueprint = Blueprint("updates", __name__)


class NoUpdates(Forbidden):
    title = "This license covers one version."
    message = "Later versions are not part of it. Your copies stay as they are."


class NewerVersion(Conflict):
    title = "A newer version came out meanwhile."
    message = "Nothing was changed. Look at what it brings, then choose again."


@blueprint.get("/library/<public_id>/updates")
@auth_required()
def index(public_id: str) -> Response:
    license = _license(public_id)
    clone = clone_to_update(license, request.args.get("copy"))
    version = latest_version(license.listing.work_id)
    mine = request.args.get("side") == MINE
    found = counts(clone, version)
    return page_or_fragment(
        "library/updates.html",
        "library/_changes.html",
        license=license,
        clone=clone,
        copies=clones_of(license),
        version=version,
        versions=versions_since(clone, version),
        mine=mine,
        own=found.get(MINE, 0),
        offered=sum(found.values()) - found.get(MINE, 0),
        changes=changes(clone, version, mine=mine, after=request.args.get("after")),
        latest=updating.latest_update(clone),
        copy_words=copy_words,
        names={"choice": CHOICE, "take": TAKE, "keep": KEEP},
    )


@blueprint.post("/library/<public_id>/updates")
@auth_required()
def create(public_id: str) -> Response:
    """Take and keep what the form says for each item, or the one for all of them."""
    work, clone, version = _to_update(public_id)
    if request.form.get("version") != str(version.number):
        raise NewerVersion(action=("See what changed", _page(public_id, work)))
    everything = request.form.get("all")
    if everything in (TAKE, KEEP):
        updating.answer_all(work, clone, version, take=everything == TAKE, by=current_user)
    else:
        answers = {
            name.removeprefix(CHOICE): choice == TAKE
            for name, choice in request.form.items()
            if name.startswith(CHOICE) and choice in (TAKE, KEEP)
        }
        updating.answer(work, clone, version, answers, by=current_user)
    flash("Your copy is updated.")
    return redirect(_page(public_id, work))


@blueprint.post("/library/<public_id>/updates/<update_id>/undo")
@auth_required()
def undo(public_id: str, update_id: str) -> Response:
    work, clone, _version = _to_update(public_id)
    left = updating.undo(work, clone, update_id, by=current_user)
    flash("Undone." if not left else f"Undone, but for what you edited since: {left} items stay as they are.")
    return redirect(_page(public_id, work))


def _license(public_id: str) -> License:
    """Raises NoUpdates for one version only, LicenseEnded or LicenseFrozen."""
    license = license_for(current_user, public_id)
    if license.clone_mode != "indefinite":
        raise NoUpdates(action=("See the license", url_for("library.show", public_id=public_id)))
    license.use()
    return license


def _to_update(public_id: str) -> tuple[Work, Clone, Version]:
    """The copy that a form is about, locked, and the version it may be brought to."""
    license = _license(public_id)
    clone = clone_to_update(license, request.form.get("copy"))
    return work_to_edit(current_user, clone.work.public_id), clone, latest_version(license.listing.work_id)


def _page(public_id: str, work: Work) -> str:
    values: dict[str, Any] = {"public_id": public_id, "copy": work.public_id}
    return url_for("updates.index", **values)
