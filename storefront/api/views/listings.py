"""One's own listings."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from marshmallow import validate

from storefront.api import shapes
from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import After, Draft, ListingRow, NewListing, Text, Window, about, page_of
from storefront.api.shapes import draft_mark, refuse_unless_seen
from storefront.catalog import services as catalog
from storefront.catalog.models import STATES
from storefront.kit.db import db
from storefront.kit.errors import Invalid
from storefront.kit.urls import absolute_url
from storefront.selling import drafts, services
from storefront.selling.queries import draft_of, listing_for, place_of
from storefront.selling.table import SORTS, View, table_for
from storefront.works.queries import work_for

blueprint = ApiBlueprint("api_listings", __name__, "Listings", "Your listings, in every workspace you are in.")

VIEW: dict[str, Any] = {
    "state": Text(validate=validate.OneOf(STATES)),
    "sort": Text(validate=validate.OneOf(list(SORTS))),
    "workspace": Text(64, metadata=about("The handle of one workspace.")),
}
ONE = "/api/listings/<int:listing_id>"
READ, WRITE = "listings:read", "listings:write"
MARK = {"ETag": "Names the state that was read."}


@blueprint.answers(
    "GET", "/api/listings", scope=READ, query=After.from_dict(VIEW, name="ListingView")(), gives=page_of(ListingRow)
)
def list_listings(asked: dict[str, Any]) -> shapes.Answer:
    """List your listings"""
    table = table_for(current_user, View.read(asked), asked.get("after", ""))
    return shapes.paged([shapes.listing_row(row) for row in table.rows], table.next)


@blueprint.answers(
    "POST", "/api/listings", scope=WRITE, takes=NewListing(), gives=Draft(), status=201, refuses=(404, 409),
    headers=MARK | {"Location": "Where the listing is."},
)  # fmt: skip
def make_listing(sent: dict[str, str]) -> shapes.Answer:
    """Begin a listing

    A draft of one of your works, under its title. Fill its window and publish it.
    """
    listing = services.begin(work_for(current_user, sent["work"], to="edit"))
    body, _status, headers = shapes.draft(_draft(listing.id))
    return body, 201, {**headers, "Location": absolute_url("api_listings.get_listing", listing_id=listing.id)}


@blueprint.answers("GET", ONE, scope=READ, gives=Draft(), headers=MARK)
def get_listing(listing_id: int) -> shapes.Answer:
    """Read a listing

    As it is being edited, with what stands between it and the catalog.
    """
    return shapes.draft(draft_of(place_of(current_user, listing_id).listing))


@blueprint.answers("PUT", ONE, scope=WRITE, takes=Window(), gives=Draft(), seen="may", headers=MARK, refuses=(409,))
def put_listing(window: dict[str, Any], listing_id: int) -> shapes.Answer:
    """Change a listing

    Replaces its whole window, as in the editor: what is left out is emptied. The catalog shows it once it is published.
    """
    draft = _draft(listing_id)
    refuse_unless_seen(draft_mark(draft))
    for step, typed in shapes.typed_of(draft, window).items():
        if typed != draft.typed(step):
            services.save(draft, step, typed, seen=draft.revision(step), by=current_user)
    db.session.flush()
    return shapes.draft(draft)


@blueprint.answers("DELETE", ONE, scope=WRITE, status=204, refuses=(409,))
def delete_listing(listing_id: int) -> Response:
    """Delete a listing

    A draft, or a retired one, that nobody holds a license for.
    """
    catalog.delete(listing_for(current_user, listing_id, to="edit"), by=current_user)
    return Response(status=204)


@blueprint.answers("POST", f"{ONE}/publication", scope=WRITE, gives=Draft(), headers=MARK, refuses=(409, 422))
def publish_listing(listing_id: int) -> shapes.Answer:
    """Publish a listing

    Into the catalog as it is edited, with the latest version of its work; or, once more, with your changes.
    """
    draft = _draft(listing_id)
    if found := draft.findings():
        raise Invalid(_by_field(found))
    services.publish(draft, by=current_user)
    return shapes.draft(draft)


@blueprint.answers("DELETE", f"{ONE}/publication", scope=WRITE, status=204, refuses=(409,))
def unpublish_listing(listing_id: int) -> Response:
    """Take a listing out of the catalog

    It is a draft again. Who holds a license keeps everything.
    """
    catalog.unpublish(listing_for(current_user, listing_id, to="edit"), by=current_user)
    return Response(status=204)


def _draft(listing_id: int) -> drafts.Draft:
    """The draft of a listing that the asker may edit, locked."""
    return draft_of(place_of(current_user, listing_id, to="edit", lock=True).listing)


def _by_field(findings: list[drafts.Finding]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for each in findings:
        errors.setdefault(each.field or "listing", []).append(each.words)
    return errors
