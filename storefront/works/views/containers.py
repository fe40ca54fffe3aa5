"""A work that leaves as a ``.pmtpk`` file, or comes in as one and becomes one of its own."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.queries import workspace_for, workspaces_of
from storefront.kit.attachments import attachment
from storefront.kit.htmx import redirect
from storefront.works.container import Refused, is_sealed, opened, unsealed
from storefront.works.container.layout import ENDING, MIME
from storefront.works.forms import ExportedWork, ImportedWork
from storefront.works.models import Work
from storefront.works.queries import work_for
from storefront.works.services.containers import export_work, import_work
from storefront.works.views.room import blueprint, room_for


@blueprint.route("/studio/import", methods=["GET", "POST"])
@auth_required()
def take_in_work() -> Response:
    """Make a work of a file; if anything is wrong with it, say what, and keep nothing."""
    workspaces = workspaces_of(current_user, "edit")
    form = ImportedWork()
    form.workspace.choices = [(each.handle, each.name) for each in workspaces]
    refused = None
    if form.validate_on_submit():
        try:
            work = _work_from(form)
        except Refused as refusal:
            refused = refusal
        else:
            flash(f"“{work.title}” is in.")
            return redirect(url_for("works.show", public_id=work.public_id))
    page = render_template("works/import_work.html", form=form, workspaces=workspaces, refused=refused)
    return make_response(page, 422 if form.is_submitted() else 200)


def _work_from(form: ImportedWork) -> Work:
    """Raises Refused, or PlanNeeded."""
    workspace = workspace_for(current_user, form.workspace.data, "edit")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("Choose a file first.")
    with TemporaryFile() as plain:
        container = cast(BinaryIO, file.stream)
        if is_sealed(container):
            unsealed(container, form.phrase.data or "", plain)
            container = plain
        return import_work(opened(container), workspace, by=current_user)


@blueprint.get("/studio/<public_id>/export")
@auth_required()
def take_out(public_id: str) -> str:
    """The ways in which a work leaves. Raises CopyFrozen for a copy whose license has ended."""
    return _export_page(public_id, ExportedWork())


@blueprint.post("/studio/<public_id>/export")
@auth_required()
def send_out(public_id: str) -> Response:
    """The work as one file, under a pass phrase if one was typed."""
    form = ExportedWork()
    if not form.validate_on_submit():
        return make_response(_export_page(public_id, form), 422)
    work = work_for(current_user, public_id)
    sent = export_work(work, by=current_user, phrase=form.phrase.data or "")
    return attachment(sent.pieces, name=f"{work.title}{ENDING}", content_type=MIME, size=sent.size)


def _export_page(public_id: str, form: ExportedWork) -> str:
    room = room_for(public_id)
    if room.origin is not None:
        room.origin.refuse_if_frozen()
    return render_template("works/export.html", form=form, **room.context())
