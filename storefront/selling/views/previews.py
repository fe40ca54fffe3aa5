"""A listing's page as it would be: for its people, and for whoever has the private link. Nothing can be got there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Response, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog import window
from storefront.kit.htmx import redirect
from storefront.media.serving import picture_response
from storefront.selling.drafts import Draft
from storefront.selling.forms import KEPT, PICTURE
from storefront.selling.queries import draft_of, place_of, shared_draft
from storefront.selling.views.editor import drawing
from storefront.selling.views.frame import art_url, blueprint, unkept


@blueprint.get("/dashboard/listings/<int:listing_id>/preview")
@auth_required()
def preview(listing_id: int) -> Response:
    draft = draft_of(place_of(current_user, listing_id).listing)
    listing_id = draft.listing.id
    return _page(draft, partial(url_for, "selling.picture", listing_id=listing_id), cover=art_url(draft, draft.art))


@blueprint.get("/previews/<token>")
def shared(token: str) -> Response:
    draft = shared_draft(token)
    address = partial(url_for, "selling.shared_picture", token=token)
    cover = url_for("selling.shared_cover", token=token)
    return closed(_page(draft, address, cover=cover, is_shared=True))


@blueprint.get("/previews/<token>/cover")
def shared_cover(token: str) -> Response:
    draft = shared_draft(token)
    if draft.art == PICTURE and draft.cover_picture:
        return closed(picture_response(draft.cover_picture.media, 1280, shared=False))
    if draft.art == KEPT:
        return redirect(art_url(draft, KEPT))
    return closed(drawing(draft, draft.art))


def _page(draft: Draft, address: Callable[..., str], *, cover: str, is_shared: bool = False) -> Response:
    shown = draft.as_listing()
    page = render_template(
        "selling/preview.html",
        listing=shown,
        cover_src=cover,
        is_shared=is_shared,
        gallery=[(each.media, each.alt) for each in draft.gallery],
        picture_url=lambda sha256, width: address(sha256=sha256, width=width),
        entries=window.outline(shown) if draft.version else [],
        versions=window.versions_of(shown),
    )
    return unkept(make_response(page))


def closed(response: Response) -> Response:
    """The address is the key, so it is neither kept, indexed nor told to others."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
