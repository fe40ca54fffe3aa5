"""A listing's page as it would be: for its people, and for whoever has the private link. Nothing can be got there."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog import window
from storefront.kit.htmx import redirect
from storefront.selling.drafts import Draft
from storefront.selling.forms import KEPT
from storefront.selling.queries import draft_of, place_of, shared_draft
from storefront.selling.views.editor import drawing
from storefront.selling.views.frame import art_url, blueprint, unkept


@blueprint.get("/dashboard/listings/<int:listing_id>/preview")
@auth_required()
def preview(listing_id: int) -> Response:
    draft = draft_of(place_of(current_user, listing_id).listing)
    return _page(draft, cover=art_url(draft, draft.art), is_shared=False)


@blueprint.get("/previews/<token>")
def shared(token: str) -> Response:
    draft = shared_draft(token)
    return _closed(_page(draft, cover=url_for("selling.shared_cover", token=token), is_shared=True))


@blueprint.get("/previews/<token>/cover")
def shared_cover(token: str) -> Response:
    draft = shared_draft(token)
    if draft.art == KEPT:
        return redirect(art_url(draft, KEPT))
    return _closed(drawing(draft, draft.art))


def _page(draft: Draft, *, cover: str, is_shared: bool) -> Response:
    shown = draft.as_listing()
    page = render_template(
        "selling/preview.html",
        listing=shown,
        cover_src=cover,
        is_shared=is_shared,
        entries=window.outline(shown) if draft.version else [],
        versions=window.versions_of(shown),
    )
    return unkept(make_response(page))


def _closed(response: Response) -> Response:
    """The address is the key, so it is neither kept, indexed nor told to others."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
