"""Alice at her desk: drafts of listings, and what she types into them."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db, step
from storefront.selling.models import ListingDraft
from storefront.selling.services import begin
from storefront.works.models import Work
from tests.browser import Browser
from tests.worlds import make_pack

WORDS = {
    "title": "The Long Readout",
    "tagline": "From notes to a report.",
    "description": "What it *does*.",
    "tags": "research, Field Work",
    "bullet_1": "Nine stages",
    "bullet_3": "No leading questions",
}
PAID = {"pricing": "paid", "price": "32.00", "terms": "commercial", "clone_mode": "version_only", "all_access": "y"}


def make_draft(by: Person, work: Work | None = None) -> Listing:
    """A listing that was just begun."""
    work = work or make_pack(by)
    with step():
        return begin(work)


def address(listing: Listing, rest: str) -> str:
    return f"/dashboard/listings/{listing.id}/{rest}"


def look(client: Browser, listing: Listing, name: str = "check") -> str:
    """The page of a step."""
    return client.get(address(listing, f"edit?step={name}")).text


def type_in(client: Browser, listing: Listing, name: str, texts: dict[str, Any], **more: Any) -> TestResponse:
    """Send a step's form as a page does that was opened just now; ``more`` are further parts, such as ``go``."""
    sent = {"revision": revision(listing, name), **texts, **more}
    return client.post(address(listing, f"steps/{name}"), data=sent)


def revision(listing: Listing, name: str) -> int:
    row = db.session.get(ListingDraft, (listing.id, name), populate_existing=True)
    return row.revision if row else 0


def now(listing: Listing) -> Listing:
    """The listing as the database has it."""
    return db.session.get_one(Listing, listing.id, populate_existing=True)
