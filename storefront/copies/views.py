"""Copying a listing, and the shelf of what was copied."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.queries import listing_offered
from storefront.config import current as settings
from storefront.copies import contents, queries, services
from storefront.copies.models import Copy
from storefront.copies.months import month_of
from storefront.copies.payments import payments_of
from storefront.kit import clock
from storefront.kit.htmx import page_or_fragment, redirect, swaps
from storefront.subscriptions.queries import live

LATEST = 3  # payments shown below the copies

blueprint = Blueprint("copies", __name__)


@blueprint.post("/listings/<slug>/copies")
@auth_required()
def create(slug: str) -> Response:
    copy = services.copy_listing(listing_offered(slug), by=current_user)
    return redirect(url_for("copies.show", public_id=copy.public_id))


@blueprint.get("/copies")
@auth_required()
def index() -> Response:
    """What somebody copied, what is left of the month, and where their last payments went."""
    now = clock.now()
    subscription = live(current_user, "pass")
    return page_or_fragment(
        "copies/index.html",
        "copies/_copies.html",
        copies=queries.copied_by(current_user, request.args.get("after")),
        serves=subscription is not None and subscription.serves(now, grace=settings().grace),
        used=queries.used_in(current_user, month_of(now)),
        most=settings().all_access_limit,
        payments=payments_of(current_user, limit=LATEST),
    )


@blueprint.get("/copies/<public_id>")
@auth_required()
def show(public_id: str) -> str:
    """The prompts and flows of a copy, as they were in its version. ``saved`` names one that was saved just now."""
    copy = queries.copy_for(current_user, public_id)
    return render_template(
        "copies/copy.html",
        copy=copy,
        earlier=queries.earlier_copies(copy),
        parts=contents.parts_of(copy, current_user, request.args.get("after")),
        room=contents.room_for(copy, current_user),
        just_saved=request.args.get("saved"),
    )


@blueprint.get("/copies/<public_id>/prompts/<key>.txt")
@auth_required()
def text(public_id: str, key: str) -> Response:
    """The whole text of a prompt and nothing else."""
    prompt = contents.prompt_of(queries.copy_for(current_user, public_id), key)
    response = make_response(prompt.content.get("text", ""))
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.post("/copies/<public_id>/saved")
@auth_required()
def save(public_id: str) -> Response:
    """Put a prompt of a copy onto the list of saved prompts."""
    copy, key = queries.copy_for(current_user, public_id), request.form.get("key", "")
    services.save_prompt_of(copy, key, by=current_user)
    return _saved(copy, key, just_saved=key)


@blueprint.post("/copies/<public_id>/saved/removal")
@auth_required()
def unsave(public_id: str) -> Response:
    """Undo that."""
    copy, key = queries.copy_for(current_user, public_id), request.form.get("key", "")
    services.take_off_list(copy, key, by=current_user)
    return _saved(copy, key)


def _saved(copy: Copy, key: str, *, just_saved: str | None = None) -> Response:
    """The place of a prompt's button, and what the list has room for; else the page that the prompt is on."""
    prompt = contents.prompt_of(copy, key)
    after = request.args.get("after")
    onward = url_for("copies.show", public_id=copy.public_id, after=after, saved=just_saved, _anchor=f"prompt-{key}")
    return swaps(
        "copies/saved.swaps.html",
        otherwise=onward,
        copy=copy,
        prompt=prompt,
        room=contents.room_for(copy, current_user),
        just_saved=just_saved,
    )
