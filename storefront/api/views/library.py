"""Getting works, and what one holds."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from storefront.accounts.queries import workspace_for
from storefront.api import shapes
from storefront.api.endpoint import ApiBlueprint
from storefront.api.schemas import After, Bought, Checkout, Cloned, Copied, Got, Into, Licensed, Link, page_of
from storefront.catalog.queries import listing_offered, slug_of
from storefront.checkout import getting
from storefront.copies import services as copying
from storefront.copies.queries import meter_of
from storefront.kit import clock
from storefront.kit.attachments import attachment
from storefront.kit.urls import absolute_url
from storefront.library import downloads, services
from storefront.library.holdings import holdings_of
from storefront.library.purchases import purchases_of
from storefront.licenses.models import License
from storefront.licenses.queries import license_for
from storefront.works.container.layout import MIME

blueprint = ApiBlueprint("api_library", __name__, "Library", "Getting works, and what you hold.")

READ, WRITE = "library:read", "library:write"
FILE: Any = {"type": "string", "format": "binary"}


@blueprint.answers("POST", "/api/checkout", scope=WRITE, takes=Checkout(), gives=Got(), refuses=(404, 409, 502))
def begin_checkout(sent: dict[str, Any]) -> dict[str, Any]:
    """Get a listing

    At the price that was seen, or not at all. A free one is yours at once. For a paid one you get the page of Stripe
    where a person pays; while it is open and nothing has changed, asking again gives the same page, so a repeated
    request never charges twice.
    """
    slug = slug_of(sent["listing"])
    got = getting.get(slug, current_user, price=sent["price"], currency=sent["currency"])
    if isinstance(got, License):
        return {"url": absolute_url("library.show", public_id=got.public_id), "license": got.public_id}
    return {"url": got, "license": None}


@blueprint.answers("GET", "/api/purchases", scope=READ, query=After(), gives=page_of(Bought))
def list_purchases(asked: dict[str, Any]) -> shapes.Answer:
    """List what you paid for"""
    return shapes.page(purchases_of(current_user, asked.get("after")), shapes.bought)


@blueprint.answers("GET", "/api/me/licenses", scope=READ, query=After(), gives=page_of(Licensed))
def list_licenses(asked: dict[str, Any]) -> shapes.Answer:
    """List your licenses"""
    return shapes.page(holdings_of(current_user, asked.get("after")), shapes.licensed)


@blueprint.answers("POST", "/api/licenses/<license_id>/clones", scope=WRITE, takes=Into(), gives=Cloned(), status=201)
def clone_license(sent: dict[str, str], license_id: str) -> dict[str, Any]:
    """Clone what you hold

    Of the latest version, or of the one that you got, as the license says.
    """
    license = license_for(current_user, license_id)
    into = workspace_for(current_user, sent["workspace"], to="edit") if sent["workspace"] else None
    clone = services.clone_again(license, by=current_user, into=into)
    url = absolute_url("works.show", public_id=clone.work.public_id)
    return {"url": url, "work": clone.work.public_id, "title": clone.work.title, "version": clone.version.number}


@blueprint.answers("POST", "/api/packs/<license_id>/download", scope=READ, gives=Link(), status=201)
def make_download(license_id: str) -> dict[str, Any]:
    """Download what you hold

    Names a license, and gives a link to the whole work as a `.pmtpk` file. It works for an hour, for you alone.
    """
    link = downloads.sign_link(license_for(current_user, license_id), by=current_user)
    return {"url": absolute_url("api_library.follow_download", link=link), "expires_at": clock.now() + downloads.LIFE}


@blueprint.answers("GET", "/api/downloads/<link>", scope=READ, gives=FILE, content_type=MIME)
def follow_download(link: str) -> Response:
    """Follow a link to a download"""
    found = downloads.download(downloads.license_of_link(current_user, link))
    return attachment(found.pieces, name=found.name, content_type=MIME, size=found.size)


@blueprint.answers("POST", "/v1/flows/<listing>/copy", scope=WRITE, gives=Copied(), status=201, refuses=(409,))
def copy_with_all_access(listing: str) -> dict[str, Any]:
    """Copy a listing with All-Access

    Names it by its id or slug; any kind that All-Access includes. 403 without a pass that serves, or if it is not
    included; 409 if you copied it this month, which is then with your copies; 429 if every copy is used. Its prompts go
    onto your list of saved prompts, if all of them fit.
    """
    copy = copying.copy_listing(listing_offered(slug_of(listing)), by=current_user)
    meter = meter_of(current_user, copy.at)
    return {
        "id": copy.public_id, "copies_this_month": meter.used, "copies_remaining": meter.left,
        "payout_earned": copy.amount,
    }  # fmt: skip
