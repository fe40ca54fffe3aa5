"""The pictures of a listing that is edited: sent, put in order, described, taken down, and shown to its people."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit.errors import NotFound, Refusal, wants_json
from storefront.kit.htmx import redirect
from storefront.media.serving import picture_response
from storefront.media.uploads import limit_upload, take_picture
from storefront.selling import pictures, services
from storefront.selling.drafts import Draft
from storefront.selling.forms import KEPT, PICTURE
from storefront.selling.queries import Place, draft_of, place_of, shared_draft
from storefront.selling.views.frame import blueprint, edit_url, step_page
from storefront.selling.views.previews import closed

WINDOW = "window"
NARROWEST = 640  # px of a cover


@blueprint.url_value_preprocessor
def limit_sizes(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in ("selling.upload_cover", "selling.upload_picture"):
        limit_upload(request, settings().picture_mb)


def _opened(listing_id: int) -> tuple[Place, Draft]:
    place = place_of(current_user, listing_id, to="edit", lock=True)
    return place, draft_of(place.listing)


def _changed(draft: Draft, by: Person, **typed: list[str]) -> None:
    """The step has something that is not published yet."""
    now = {**draft.typed(WINDOW), **typed}
    services.save(draft, WINDOW, now, seen=draft.revision(WINDOW), by=by)


@blueprint.post("/dashboard/listings/<int:listing_id>/cover")
@auth_required()
def upload_cover(listing_id: int) -> Response:
    """A cover of one's own, chosen at once."""
    _opened(listing_id)
    try:
        arrival = take_picture(request.files.get("file"), at_least=NARROWEST)
        _place, draft = _opened(listing_id)
        pictures.put_cover(draft, arrival, by=current_user)
    except Refusal as refusal:
        return _refused(listing_id, refusal, "cover")
    _changed(draft, current_user, art=[PICTURE])
    flash("Your cover is in. It hangs in the catalog once you publish.")
    return redirect(edit_url(listing_id, WINDOW, field="art"))


@blueprint.post("/dashboard/listings/<int:listing_id>/cover/removal")
@auth_required()
def remove_cover(listing_id: int) -> Response:
    _place, draft = _opened(listing_id)
    pictures.drop_cover(draft)
    _changed(draft, current_user, art=[KEPT if draft.listing.cover else "0"])
    return redirect(edit_url(listing_id, WINDOW, field="art"))


@blueprint.post("/dashboard/listings/<int:listing_id>/gallery")
@auth_required()
def upload_picture(listing_id: int) -> Response:
    """One picture more behind the cover."""
    pictures.check_room(_opened(listing_id)[1])
    try:
        arrival = take_picture(request.files.get("file"))
        _place, draft = _opened(listing_id)
        pictures.add_picture(draft, arrival, by=current_user)
    except Refusal as refusal:
        return _refused(listing_id, refusal, "gallery")
    _changed(draft, current_user)
    flash("It is in the gallery. Say what it shows.")
    return redirect(edit_url(listing_id, WINDOW, field="gallery"))


def _refused(listing_id: int, refusal: Refusal, part: str) -> Response:
    """The step again, with the sentence beside the field."""
    if refusal.status != 422 or wants_json():
        raise refusal
    place = place_of(current_user, listing_id, to="edit")
    return step_page(place, draft_of(place.listing), WINDOW, status=422, upload_errors={part: refusal.message})


@blueprint.post("/dashboard/listings/<int:listing_id>/gallery/<sha256>")
@auth_required()
def change_picture(listing_id: int, sha256: str) -> Response:
    """To the front, to the back, or described in other words."""
    _place, draft = _opened(listing_id)
    way = request.form.get("way")
    if way in ("front", "back"):
        pictures.move_picture(draft, sha256, -1 if way == "front" else 1)
    else:
        pictures.describe_picture(draft, sha256, request.form.get("alt", ""))
    _changed(draft, current_user)
    return redirect(edit_url(listing_id, WINDOW, field="gallery"))


@blueprint.post("/dashboard/listings/<int:listing_id>/gallery/<sha256>/removal")
@auth_required()
def remove_picture(listing_id: int, sha256: str) -> Response:
    _place, draft = _opened(listing_id)
    pictures.take_down(draft, sha256)
    _changed(draft, current_user)
    return redirect(edit_url(listing_id, WINDOW, field="gallery"))


@blueprint.get("/dashboard/listings/<int:listing_id>/pictures/<sha256>-<int:width>.webp")
@auth_required()
def picture(listing_id: int, sha256: str, width: int) -> Response:
    """A picture of a draft, for its people."""
    return _picture(draft_of(place_of(current_user, listing_id).listing), sha256, width)


@blueprint.get("/previews/<token>/pictures/<sha256>-<int:width>.webp")
def shared_picture(token: str, sha256: str, width: int) -> Response:
    """A picture of a draft, for whoever has its link."""
    return closed(_picture(shared_draft(token), sha256, width))


def _picture(draft: Draft, sha256: str, width: int) -> Response:
    for each in draft.pictures:
        if each.sha256 == sha256:
            return picture_response(each.media, width, shared=False)
    raise NotFound
