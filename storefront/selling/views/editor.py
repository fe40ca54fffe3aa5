"""The editor: begin with a work, then step by step. Each step is a page; what is typed in it is saved as it is."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog.covers import cover_svg
from storefront.kit import htmx
from storefront.kit.errors import NotFound
from storefront.selling import services
from storefront.selling.conflicts import differences
from storefront.selling.drafts import Draft, Typed, typed_in
from storefront.selling.forms import COVERS_OFFERED
from storefront.selling.models import STEPS
from storefront.selling.queries import Place, draft_of, place_of, works_to_list
from storefront.selling.views.frame import ORDER, blueprint, context, edit_url, step_page
from storefront.works.origins import unlistable
from storefront.works.queries import work_for

LEAVING = "leave"


@blueprint.get("/dashboard/listings/new")
@auth_required()
def new() -> str:
    """The choice of a work; where one that came from somebody else is asked for, why it is not among them."""
    chosen = request.args.get("work", "")
    refused = unlistable(work_for(current_user, chosen, to="edit")) if chosen else None
    groups = works_to_list(current_user)
    return render_template("selling/new.html", groups=groups, chosen=chosen, refused=refused)


@blueprint.post("/dashboard/listings")
@auth_required()
def create() -> Response:
    work = work_for(current_user, request.form.get("work", ""), to="edit")
    return htmx.redirect(edit_url(services.begin(work).id, "words"))


@blueprint.get("/dashboard/listings/<int:listing_id>/edit")
@auth_required()
def edit(listing_id: int) -> Response:
    place = place_of(current_user, listing_id)
    step = request.args.get("step", ORDER[0])
    if step not in ORDER:
        raise NotFound
    return step_page(place, draft_of(place.listing), step)


@blueprint.post("/dashboard/listings/<int:listing_id>/steps/<step>")
@auth_required()
def save(listing_id: int, step: str) -> Response:
    """Keep a step as it is typed, then go where the pressed button says, or stay."""
    if step not in STEPS:
        raise NotFound
    place = place_of(current_user, listing_id, to="edit", lock=True)
    draft = draft_of(place.listing)
    typed = typed_in(step, request.form)
    seen = request.form.get("over", type=int) or request.form.get("revision", 0, type=int)
    try:
        services.save(draft, step, typed, seen=seen, by=current_user)
    except services.SavedMeanwhile:
        return _conflict(place, draft, step, typed)
    return _go(draft, step, request.form.get("go", ""))


def _go(draft: Draft, step: str, to: str) -> Response:
    """On to another step; forward stays at what is wrong in this one."""
    if to == LEAVING:
        return htmx.redirect(url_for("selling.index"))
    is_forward = to in ORDER and ORDER.index(to) == ORDER.index(step) + 1
    wrong = draft.wrong_in(step) if is_forward else []
    if to in ORDER and not wrong:
        return htmx.redirect(edit_url(draft.listing.id, to))
    stay = edit_url(draft.listing.id, step, field=wrong[0].id if wrong else None)
    return htmx.swaps("selling/saved.swaps.html", otherwise=stay, step=step, form=draft.forms[step], **context(draft))


def _conflict(place: Place, draft: Draft, step: str, typed: Typed) -> Response:
    """Both texts; for HTMX beside the form, which still holds what was typed."""
    theirs = draft.rows.get(step)
    found = differences(draft, step, typed)
    if htmx.is_htmx():
        page = render_template(
            "selling/conflict.swaps.html", step=step, differences=found, theirs=theirs, **context(draft)
        )
        return make_response(page)
    seen = draft.revision(step)
    draft.forms[step] = draft.form_of(step, typed)
    return step_page(place, draft, step, status=409, differences=found, theirs=theirs, seen=seen)


@blueprint.get("/dashboard/listings/<int:listing_id>/covers/<int:number>.svg")
@auth_required()
def art(listing_id: int, number: int) -> Response:
    """One of the drawings to choose a cover from; its address changes with what it is drawn from."""
    draft = draft_of(place_of(current_user, listing_id).listing)
    return drawing(draft, str(number)) if number < COVERS_OFFERED else _missing()


def drawing(draft: Draft, art: str) -> Response:
    response = make_response(cover_svg(draft.subject(art)))
    response.content_type = "image/svg+xml"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _missing() -> Response:
    raise NotFound
