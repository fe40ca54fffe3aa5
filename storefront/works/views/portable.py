"""What comes in and goes out as text: import from Markdown and JSON, export as JSON."""

from __future__ import annotations

import json
from pathlib import PurePath

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.htmx import redirect
from storefront.works import services
from storefront.works.forms import ImportedText
from storefront.works.portable import Row, Unreadable, exported, from_json, from_markdown
from storefront.works.portable.rows import Fault
from storefront.works.queries import work_for, work_to_edit
from storefront.works.shapes import MEGABYTE, tidy
from storefront.works.views.room import blueprint, room_for

LARGEST_FILE = 16 * MEGABYTE


@blueprint.get("/studio/<public_id>/import")
@auth_required()
def import_items(public_id: str) -> Response:
    work_for(current_user, public_id, "edit")
    return _import_page(public_id, ImportedText(), [])


@blueprint.post("/studio/<public_id>/import")
@auth_required()
def take_in(public_id: str) -> Response:
    """Add what a file holds; if anything is wrong with it, say where, and add nothing."""
    work = work_to_edit(current_user, public_id)
    form = ImportedText()
    try:
        rows = _rows_of(form)
        services.import_items(work, rows, by=current_user)
    except Unreadable as unreadable:
        return _import_page(public_id, form, unreadable.faults)
    flash(f"{len(rows):,} items are in." if len(rows) != 1 else "One item is in.")
    return redirect(url_for("works.show", public_id=public_id, key=None))


def _import_page(public_id: str, form: ImportedText, faults: list[Fault]) -> Response:
    page = render_template("works/import.html", form=form, faults=faults, **room_for(public_id).context())
    return make_response(page, 422 if faults else 200)


def _rows_of(form: ImportedText) -> list[Row]:
    """The items of the file, or of the text that was pasted. Raises Unreadable."""
    file = request.files.get("file")
    name = PurePath(file.filename or "").name if file else ""
    text = _decoded(file.stream.read(LARGEST_FILE + 1)) if file and name else form.text.data or ""
    if not text.strip():
        raise Unreadable([Fault("the form", "Choose a file, or paste its text.")])
    if name.lower().endswith(".json") or (not name and text.lstrip().startswith("{")):
        return from_json(text)
    return from_markdown(text, PurePath(name).stem)


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise Unreadable([Fault("the file", f"It has more than {LARGEST_FILE // MEGABYTE} MB.")])
    try:
        return tidy(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable([Fault(f"line {line}", "This is not text in UTF-8.")]) from None


@blueprint.get("/studio/<public_id>/export.json")
@auth_required()
def export(public_id: str) -> Response:
    """The work as it stands, as a file. Raises CopyFrozen for a copy whose license has ended."""
    room = room_for(public_id)
    if room.origin is not None:
        room.origin.refuse_if_frozen()
    text = json.dumps(exported(room.work, room.contents), ensure_ascii=False, indent=1)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{room.work.title}.json")
    return response
