"""The studio: a work opened, read-only so far."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask import redirect as plain_redirect
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment
from storefront.works import files
from storefront.works.models import Work
from storefront.works.origins import origin_of
from storefront.works.outline import ICONS, Entry, Outline, outline_of
from storefront.works.queries import item_of, work_for
from storefront.works.showing import VALUE, context_of

blueprint = Blueprint("works", __name__)

PANES = ("items", "work", "preview")


@blueprint.get("/studio/<public_id>")
@blueprint.get("/studio/<public_id>/items/<key>")
@auth_required()
def show(public_id: str, key: str | None = None) -> Response:
    """A work of theirs with one item open: the one named, else the first."""
    work = work_for(current_user, public_id)
    outline = outline_of(work)
    entry = outline.get(key) if key else next(iter(outline.pages), None)
    if key and entry is None:
        raise NotFound("This item is not in the work. It may have been taken out.")
    if entry is not None and entry.page is not entry:
        return make_response(plain_redirect(address(work, entry)))
    context = _frame(work, outline, entry)
    if entry is None:
        return page_or_fragment("works/empty.html", "works/_outline.html", **context)
    item = item_of(work, entry.key)
    is_filling = entry.kind == "prompt" and "find" not in request.args
    fragment = "works/_filled.html" if is_filling else "works/_outline.html"
    context |= context_of(item, work, outline, request.args)
    return page_or_fragment(f"works/{entry.kind}.html", fragment, item=item, **context)


@blueprint.get("/studio/<public_id>/files/<key>")
@auth_required()
def download_file(public_id: str, key: str) -> Response:
    """The file of an item, to be saved under its own name."""
    work = work_for(current_user, public_id)
    item = item_of(work, key)
    if item.kind != "file":
        raise NotFound
    origin = origin_of(work)
    if origin is not None:
        origin.refuse_if_frozen()
    response = Response(files.pieces(item.content), content_type=files.served_type(item.content))
    response.headers.set("Content-Disposition", "attachment", filename=files.saved_name(item.content))
    response.content_length = item.content["size"]
    return response


def address(work: Work, entry: Entry) -> str:
    """Where an entry is shown; a block at its place on its page."""
    anchor = entry.key if entry.page is not entry else None
    return url_for("works.show", public_id=work.public_id, key=entry.page.key, _anchor=anchor)


def _frame(work: Work, outline: Outline, entry: Entry | None) -> dict[str, Any]:
    """What every page of the studio wants: bar, tree and panes."""
    find = request.args.get("find", "")
    return {
        "work": work,
        "origin": origin_of(work),
        "outline": outline,
        "entry": entry,
        "find": find,
        "icons": ICONS,
        "branches": outline.branches(entry, lambda each: address(work, each), find),
        "link": lambda each: address(work, each),
        **_panes(work, entry),
    }


def _panes(work: Work, entry: Entry | None) -> dict[str, Any]:
    """Which pane a phone shows, and the addresses of all three, with what was typed so far."""
    typed = {name: text for name, text in request.args.items() if name.startswith(VALUE)}
    values: dict[str, Any] = {**typed, "public_id": work.public_id, "key": entry.key if entry else None}
    asked = request.args.get("pane", "work")
    return {
        "pane": asked if asked in PANES else "work",
        "pane_urls": {pane: url_for("works.show", **values, pane=pane) for pane in PANES},
    }
