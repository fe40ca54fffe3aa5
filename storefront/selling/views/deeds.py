"""What can be done to a listing: into the catalog, out of it, away; and the private link."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_login import current_user
from flask_security import auth_required

from storefront.catalog import services as catalog
from storefront.kit.htmx import redirect
from storefront.selling import services
from storefront.selling.bulk import DEEDS, do_to_all
from storefront.selling.queries import draft_of, listing_for, place_of
from storefront.selling.views.frame import CHECK, blueprint, edit_url, step_page
from storefront.selling.views.table import table_url


@blueprint.post("/dashboard/listings/<int:listing_id>/publication")
@auth_required()
def publish(listing_id: int) -> Response:
    """Into the catalog as it is typed; or the list of what is missing, with links to the fields."""
    place = place_of(current_user, listing_id, to="edit", lock=True)
    draft = draft_of(place.listing)
    if draft.findings():
        return step_page(place, draft, CHECK, status=422)
    was_public = place.listing.is_public
    services.publish(draft, by=current_user)
    flash("The catalog shows your changes now." if was_public else "Published. It is in the catalog now.")
    return redirect(edit_url(listing_id, CHECK))


@blueprint.delete("/dashboard/listings/<int:listing_id>/publication")
@blueprint.post("/dashboard/listings/<int:listing_id>/withdrawal")
@auth_required()
def unpublish(listing_id: int) -> Response:
    catalog.unpublish(listing_for(current_user, listing_id, to="edit"), by=current_user)
    flash("It is a draft again. Who holds a license keeps everything.")
    return redirect(edit_url(listing_id, CHECK))


@blueprint.post("/dashboard/listings/<int:listing_id>/retirement")
@auth_required()
def retire(listing_id: int) -> Response:
    catalog.retire(listing_for(current_user, listing_id, to="edit"), by=current_user)
    flash("Retired. It is out of the catalog, and who holds a license keeps everything.")
    return redirect(edit_url(listing_id, CHECK))


@blueprint.post("/dashboard/listings/<int:listing_id>/deletion")
@auth_required()
def delete(listing_id: int) -> Response:
    listing = listing_for(current_user, listing_id, to="edit")
    title = listing.title
    catalog.delete(listing, by=current_user)
    flash(f"“{title}” is deleted. Its work is where it was.")
    return redirect(url_for("selling.index"))


@blueprint.post("/dashboard/listings/<int:listing_id>/changes/removal")
@auth_required()
def discard(listing_id: int) -> Response:
    """Forget what was typed since it was published."""
    draft = draft_of(listing_for(current_user, listing_id, to="edit"))
    if draft.was_published:
        services.discard(draft)
        flash("Your changes are gone. The listing is as the catalog has it.")
    return redirect(edit_url(listing_id, CHECK))


@blueprint.post("/dashboard/listings/<int:listing_id>/share-link")
@auth_required()
def share(listing_id: int) -> Response:
    services.share(listing_for(current_user, listing_id, to="edit"), by=current_user)
    flash("Whoever has the link sees the draft. Nobody can get it there.")
    return redirect(edit_url(listing_id, CHECK, field="share"))


@blueprint.post("/dashboard/listings/<int:listing_id>/share-link/removal")
@auth_required()
def revoke_link(listing_id: int) -> Response:
    services.revoke_link(listing_for(current_user, listing_id, to="edit"), by=current_user)
    flash("The link no longer works.")
    return redirect(edit_url(listing_id, CHECK, field="share"))


@blueprint.post("/dashboard/listings/deeds")
@auth_required()
def do_to_chosen() -> Response:
    """One deed to every listing that is ticked; each by itself, so that one refusal stops no other."""
    deed = request.form.get("do", "")
    if deed not in DEEDS:
        return redirect(table_url(request.args))
    outcome = do_to_all(deed, request.form.getlist("listing", type=int), by=current_user)
    if outcome.done:
        flash(outcome.done_words)
    if outcome.refused:
        flash(outcome.refused_words, "error")
    if not (outcome.done or outcome.refused):
        flash("Tick the listings first.", "error")
    return redirect(table_url(request.args))
