"""Files and pictures that are sent into a work, and the pictures as its pages show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask_login import current_user
from flask_security import auth_required

from storefront.kit.errors import NotFound, Refusal, wants_json
from storefront.kit.htmx import redirect
from storefront.media.serving import picture_response
from storefront.media.uploads import Arrival, take_file, take_picture
from storefront.works import services
from storefront.works.models import Item, Work
from storefront.works.queries import find_picture, item_to_edit, work_for, work_to_edit
from storefront.works.sheets import as_kept
from storefront.works.views.items import context_beside, place_of
from storefront.works.views.room import Room, blueprint


@blueprint.post("/studio/<public_id>/items/<key>/file")
@auth_required()
def upload_file(public_id: str, key: str) -> Response:
    """The file of an item, in place of the one it had."""
    return _take_in(public_id, key, _is_file, take_file, services.put_file)


@blueprint.post("/studio/<public_id>/items/<key>/picture")
@auth_required()
def upload_picture(public_id: str, key: str) -> Response:
    """The picture of an image block: a file of the work from now on."""
    return _take_in(public_id, key, _is_image, take_picture, services.put_picture)


def _is_file(item: Item) -> bool:
    return item.kind == "file"


def _is_image(item: Item) -> bool:
    return item.kind == "block" and item.content.get("type") == "image"


def _take_in(
    public_id: str, key: str, fits: Callable[[Item], bool], take: Callable[[Any], Arrival], put: Callable[..., None]
) -> Response:
    """Whether they may is asked first; then the file is stored, outside of any transaction; then it is put in."""
    _checked(public_id, key, fits)
    try:
        arrival = take(request.files.get("file"))
        work, item = _checked(public_id, key, fits)
        put(work, item, arrival, by=current_user)
    except Refusal as refusal:
        if refusal.status != 422 or wants_json():
            raise
        return _refused(public_id, key, refusal)
    flash(f"“{arrival.name}” is in.")
    return redirect(place_of(Room(work, "editor", key), item))


def _checked(public_id: str, key: str, fits: Callable[[Item], bool]) -> tuple[Work, Item]:
    work = work_to_edit(current_user, public_id)
    item = item_to_edit(work, key)
    if not fits(item):
        raise NotFound
    if not item.content or item.kind == "block":
        services.check_room_for_file(work)
    return work, item


def _refused(public_id: str, key: str, refusal: Refusal) -> Response:
    """The editor again, with the sentence beside the field."""
    room = Room(work_for(current_user, public_id, "edit"), "editor", key)
    sheet = as_kept(room.contents.item(key))
    context = context_beside(room, sheet)
    page = render_template("works/editor.html", upload_error={key: refusal.message}, **context)
    return make_response(page, 422)


@blueprint.get("/studio/<public_id>/pictures/<sha256>-<int:width>.webp")
@auth_required()
def picture(public_id: str, sha256: str, width: int) -> Response:
    """A picture that the work holds, or one of its versions, as its pages show it."""
    work = work_for(current_user, public_id)
    return picture_response(find_picture(work, sha256), width, shared=False)
