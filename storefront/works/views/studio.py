"""A work opened with one item: to edit for those who may, to read for the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from flask import Response, make_response, request
from flask import redirect as plain_redirect
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment
from storefront.media.serving import SHUT
from storefront.works import files, services
from storefront.works.contents import AnyItem, draft
from storefront.works.origins import origin_of
from storefront.works.outline import Entry
from storefront.works.queries import work_for
from storefront.works.sheets import Sheet, as_kept
from storefront.works.showing import context_of
from storefront.works.views.room import Room, blueprint, room_for

MOST_OFFERED = 300


@blueprint.get("/studio/<public_id>")
@blueprint.get("/studio/<public_id>/items/<key>")
@auth_required()
def show(public_id: str, key: str | None = None) -> Response:
    """A work of theirs with one item open: the one named, else the first."""
    room = room_for(public_id, key)
    entry = room.entry
    if key and entry is None:
        raise NotFound("This item is not in the work. It may have been taken out.")
    if entry is None:
        return page_or_fragment("works/empty.html", "works/_outline.html", **room.context())
    if entry.page is not entry:
        return make_response(plain_redirect(room.address(entry)))
    item = room.contents.item(entry.key)
    context = room.context() | context_of(item, room.contents, room.outline, request.args)
    if room.may_edit:
        context |= editing(room, as_kept(item), context)
    page = "works/editor.html" if room.may_edit else f"works/{entry.kind}.html"
    return page_or_fragment(page, fragment_for(item), item=item, **context)


def fragment_for(item: AnyItem) -> str:
    """The part of an item's page that HTMX asks for: what is found, or else a prompt as it is being filled in."""
    is_filling = item.kind == "prompt" and "find" not in request.args
    return "works/_filled.html" if is_filling else "works/_outline.html"


def editing(room: Room, sheet: Sheet, context: dict[str, Any]) -> dict[str, Any]:
    """What the editor of an item wants beside the item itself. ``sheet`` may be that of a block on its page."""
    found: dict[str, Any] = {"sheet": sheet, "offered": partial(offered, room), "lost": len(lost_with(room))}
    if "blocks" in context:
        found["block_sheets"] = [as_kept(block) for block in context["blocks"]]
    return found


def lost_with(room: Room) -> list[str]:
    """The keys of relationships elsewhere that go with the open item if it is deleted, for joining nobody any more."""
    inside = {entry.key: entry.kind for entry in _with_all_below(room.entry)}
    characters = [key for key, kind in inside.items() if kind == "character"]
    return [key for key in services.relationships_lost(room.contents, characters) if key not in inside]


def _with_all_below(entry: Entry | None) -> Iterator[Entry]:
    if entry is not None:
        yield entry
        for child in entry.children:
            yield from _with_all_below(child)


def offered(room: Room, kind: str) -> list[tuple[str, str]]:
    """The items of a kind that a list offers, as (key, title); a longer list would be no help."""
    entries = (entry for entry in room.outline.entries.values() if entry.kind == kind)
    return [(entry.key, entry.title) for entry in islice(entries, MOST_OFFERED)]


@blueprint.get("/studio/<public_id>/files/<key>")
@auth_required()
def download_file(public_id: str, key: str) -> Response:
    """The file of an item, to be saved under its own name."""
    work = work_for(current_user, public_id)
    item = draft(work).item(key)
    if item.kind != "file" or not item.content:
        raise NotFound
    origin = origin_of(work)
    if origin is not None:
        origin.refuse_if_frozen()
    return file_response(item.content)


def file_response(content: Any) -> Response:
    """The file that an item's content names, as an attachment."""
    response = Response(files.pieces(content), content_type=files.served_type(content))
    response.headers.set("Content-Disposition", "attachment", filename=files.saved_name(content))
    response.headers["Content-Security-Policy"] = SHUT
    response.content_length = content["size"]
    return response
