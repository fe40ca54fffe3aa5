"""The list of saved prompts: searched, copied from, taken off, and taken out as a file."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request, stream_with_context, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.accounts.plans import SAVED_PROMPTS, limit
from storefront.kit.errors import NotFound
from storefront.kit.htmx import page_or_fragment, swaps
from storefront.saved import services
from storefront.saved.exports import FORMATS
from storefront.saved.queries import count_saved, every_saved, saved_by, saved_for
from storefront.works.contents import draft
from storefront.works.models import Item
from storefront.works.origins import origin_of
from storefront.works.queries import work_for

LONGEST_SEARCH = 100

blueprint = Blueprint("saved", __name__)


@blueprint.get("/saved")
@auth_required()
def index() -> Response:
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    removed = request.args.get("removed")
    return page_or_fragment(
        "saved/index.html",
        "saved/_prompts.html",
        prompts=saved_by(current_user, search, request.args.get("after")),
        search=search,
        removed=saved_for(current_user, removed) if removed else None,
        used=count_saved(current_user),
        most=limit(current_user, SAVED_PROMPTS),
    )


@blueprint.post("/saved")
@auth_required()
def create() -> Response:
    """Save a prompt of a work that they may see. Raises CopyFrozen for a copy whose license has ended."""
    work = work_for(current_user, request.form.get("work", ""))
    origin = origin_of(work)
    if origin is not None:
        origin.refuse_if_frozen()
    item = draft(work).item(request.form.get("key", ""))
    if item.kind != "prompt" or not isinstance(item, Item):
        raise NotFound
    saved = services.save_prompt(work, item, by=current_user)
    onward = url_for("works.show", public_id=work.public_id, key=item.key)
    return swaps("saved/saved.swaps.html", otherwise=onward, work=work, key=item.key, saved=saved)


@blueprint.get("/saved/<public_id>.txt")
@auth_required()
def text(public_id: str) -> Response:
    """The whole text of a prompt and nothing else."""
    response = make_response(saved_for(current_user, public_id).text)
    response.content_type = "text/plain; charset=utf-8"
    return response


@blueprint.post("/saved/<public_id>/removal")
@auth_required()
def remove(public_id: str) -> Response:
    saved = saved_for(current_user, public_id)
    services.remove_saved(saved)
    return swaps("saved/removed.swaps.html", otherwise=url_for("saved.index", removed=public_id), saved=saved)


@blueprint.post("/saved/<public_id>/restoration")
@auth_required()
def restore(public_id: str) -> Response:
    services.put_back(saved_for(current_user, public_id), by=current_user)
    return swaps(
        "saved/restored.swaps.html", otherwise=url_for("saved.index"), prompts=saved_by(current_user), search=""
    )


@blueprint.get("/saved/export")
@auth_required()
def export() -> Response:
    """Every saved prompt as a file, sent as it is read."""
    ending = request.args.get("as", "")
    if ending not in FORMATS:
        raise NotFound
    written = FORMATS[ending].write(every_saved(current_user))
    response = Response(stream_with_context(written), content_type=FORMATS[ending].content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"saved-prompts.{ending}")
    return response
