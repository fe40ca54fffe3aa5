"""Items changed one at a time: saved, added, moved, duplicated, deleted, and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import BadRequest
from storefront.kit.htmx import HEADERS, is_htmx, redirect, swaps
from storefront.works import services
from storefront.works.kinds import KINDS, blocks
from storefront.works.models import Item, Work
from storefront.works.queries import item_to_edit, undo_of, work_to_edit
from storefront.works.sheets import Sheet, as_kept, as_typed, check, merge
from storefront.works.showing import context_of
from storefront.works.views.room import Room, blueprint
from storefront.works.views.studio import editing, lost_with


@blueprint.post("/studio/<public_id>/items/<key>")
@auth_required()
def save(public_id: str, key: str) -> Response:
    """Keep what an editor holds. 422 says what is wrong with it, 409 shows what somebody else kept meanwhile."""
    work = work_to_edit(current_user, public_id)
    item = item_to_edit(work, key)
    room = Room(work, "editor", key)
    sheet = as_typed(item, _typed())
    if check(sheet, room.inside):
        return _editor(room, sheet, 422)
    if request.form.get("merge"):
        return _editor(room, merge(sheet, as_kept(item)), 200)
    before = item.title
    try:
        services.save_item(work, item, sheet.title, sheet.content, began_from=sheet.revision)
    except services.StaleItem as stale:
        sheet.theirs = as_kept(stale.item)
        return _editor(room, sheet, 409)
    sheet.revision = services.revision_of(item)
    if item.title != before:
        room = Room(work, "editor", key)  # its outline is to call the item by its new name
    return _saved(room, item, sheet)


def _typed() -> dict[str, str]:
    """The form's fields. The button that was pressed has the last word on the revision."""
    revisions = request.form.getlist("revision") or [""]
    return {**request.form.to_dict(), "revision": revisions[-1]}


def _saved(room: Room, item: Item, sheet: Sheet) -> Response:
    if not is_htmx():
        flash("Saved.")
        return redirect(place_of(room, item))
    names = [name for name in request.form if name.startswith("variables.") and name.endswith(".name")]
    asked = [request.form[name] for name in names]
    wanted = [each["name"] for each in (*sheet.content.get("variables", ()), *sheet.unused)]
    context = context_beside(room, sheet)
    anew = bool(sheet.deed) or (item.kind == "prompt" and asked != wanted)
    return swaps("works/item_saved.swaps.html", otherwise="", anew=anew, saved=sheet, **context)


def _editor(room: Room, sheet: Sheet, status: int) -> Response:
    """The editor again with everything typed, and what keeps it from being saved."""
    context = {**context_beside(room, sheet), "saved": sheet, "status": status}
    if is_htmx():
        template = "works/item_merged.swaps.html" if status == 200 else "works/item_kept_back.swaps.html"
        response = make_response(render_template(template, **context), status)
        response.vary.update(HEADERS)
        return response
    return make_response(render_template("works/editor.html", **context), status)


def context_beside(room: Room, sheet: Sheet) -> dict[str, Any]:
    """The page that the sheet's editor stands on, with the sheet in its place."""
    context = room.context()
    shown = room.contents.item(context["entry"].key)
    context |= context_of(shown, room.contents, room.outline, request.args)
    context |= editing(room, as_kept(shown), context)
    context["item"] = shown
    if shown.key == sheet.key:
        return context | {"sheet": sheet}
    sheets = [sheet if each.key == sheet.key else each for each in context["block_sheets"]]
    return context | {"block_sheets": sheets}


def place_of(room: Room, item: Item) -> str:
    """Where an item is edited: on its own page, or at its place on its parent's."""
    key, anchor = (item.parent_key, item.key) if item.kind == "block" and item.parent_key else (item.key, None)
    return url_for("works.show", public_id=room.work.public_id, key=key, _anchor=anchor)


@blueprint.post("/studio/<public_id>/items")
@auth_required()
def add(public_id: str) -> Response:
    """A new item of a kind, beside or inside the one that is open."""
    work = work_to_edit(current_user, public_id)
    kind, form = request.form.get("kind", ""), request.form
    if kind not in KINDS:
        raise BadRequest
    parent, after = _beside(work, kind, form.get("beside", ""))
    content = None
    title = f"New {KINDS[kind].word.lower()}"
    if kind == "block":
        type = form.get("type", "text")
        if type not in blocks.TYPES:
            raise BadRequest
        title, content = "", blocks.blank_of(type)
    item = services.add_item(work, kind, title, by=current_user, parent=parent, after=after, content=content)
    return redirect(place_of(Room(work, "editor"), item))


def _beside(work: Work, kind: str, key: str) -> tuple[str | None, str | None]:
    """Parent and predecessor of a new item: inside a page that holds others, or behind the item that is open."""
    if not key:
        return None, None
    beside = item_to_edit(work, key)
    inside = beside.kind == "page" and (kind == "block" or request.form.get("inside") == "yes")
    return (beside.key, None) if inside else (beside.parent_key, beside.key)


@blueprint.post("/studio/<public_id>/items/<key>/place")
@auth_required()
def move(public_id: str, key: str) -> Response:
    """One step up, down, in or out; or, dragged, before, behind or into another item."""
    work = work_to_edit(current_user, public_id)
    item = item_to_edit(work, key)
    way, target = request.form.get("way", ""), request.form.get("target", "")
    if way in ("up", "down", "in", "out"):
        services.step_item(work, item, way)
    elif way in ("before", "behind", "into"):
        services.move_beside(work, item, item_to_edit(work, target), way)
    else:
        raise BadRequest
    opened = request.form.get("opened") or (item.parent_key if item.kind == "block" else key)
    room = Room(work, "editor", opened)
    if item.kind == "block":
        return redirect(place_of(room, item))
    return swaps("works/item_moved.swaps.html", otherwise=place_of(room, item), **room.context())


@blueprint.post("/studio/<public_id>/items/<key>/copies")
@auth_required()
def duplicate(public_id: str, key: str) -> Response:
    """A copy with all that is below it, opened."""
    work = work_to_edit(current_user, public_id)
    made = services.duplicate_item(work, item_to_edit(work, key), by=current_user)
    return redirect(place_of(Room(work, "editor"), made))


@blueprint.post("/studio/<public_id>/items/<key>/deletion")
@auth_required()
def delete_item(public_id: str, key: str) -> Response:
    """Take an item out with all below it, and offer the way back where one goes next."""
    work = work_to_edit(current_user, public_id)
    item = item_to_edit(work, key)
    room = Room(work, "editor", key)
    onward = _after_deletion(room, lost_with(room))
    undo = services.delete_item(work, item, by=current_user)
    return redirect(url_for("works.show", public_id=public_id, key=onward, undo=undo.public_id))


def _after_deletion(room: Room, lost: Sequence[str]) -> str | None:
    """The item to show once the open one is gone: the page it stands on, or the one behind or before it that stays."""
    entry = room.entry
    if entry is None or entry.parent is not None:
        return entry.parent.key if entry and entry.parent else None
    pages = [page for page in room.outline.roots if page.page is page and page.key not in lost]
    at = pages.index(entry)
    beside = pages[at + 1 : at + 2] or pages[max(0, at - 1) : at]
    return beside[0].key if beside else None


@blueprint.post("/studio/<public_id>/undos/<undo_id>")
@auth_required()
def undo(public_id: str, undo_id: str) -> Response:
    """Bring back what a deed took away."""
    work = work_to_edit(current_user, public_id)
    way_back = undo_of(work, undo_id)
    services.use_undo(work, way_back, by=current_user)
    flash(f"“{way_back.title}” is back." if way_back.deed == "deletion" else "The work is as it was.")
    return redirect(url_for("works.show", public_id=public_id))
