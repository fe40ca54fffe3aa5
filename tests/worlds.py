"""What tests begin with: works, listings and orders, made by the same verbs the shop uses."""

from __future__ import annotations

from typing import Any

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.catalog.queries import listing_offered
from storefront.catalog.services import make_listing, publish
from storefront.kit.db import step
from storefront.works.models import Work
from storefront.works.services import make_work, publish_version

ITEMS: tuple[dict[str, Any], ...] = (
    {"key": "read-me", "parent_key": None, "position": 0, "kind": "page", "title": "Read me", "content": {}},
    {
        "key": "hello", "parent_key": "read-me", "position": 1, "kind": "block", "title": "Hello",
        "content": {"type": "text", "text": "Begin with the first prompt."},
    },
    {
        "key": "opening", "parent_key": None, "position": 2, "kind": "prompt", "title": "Opening",
        "content": {
            "text": "Write the first line of {{story}}.",
            "variables": [{"name": "story", "label": "Story", "example": "The Ferry"}],
        },
    },
)  # fmt: skip


def make_pack(by: Person, title: str = "Field Notes", *, kind: str = "pack", items: Any = ITEMS) -> Work:
    """A work of ``by`` with one published version."""
    with step():
        work = make_work(personal_workspace(by), kind, title, items)
        publish_version(work, "First release.", by=by)
    return work


def make_offer(by: Person, title: str = "Field Notes", *, price: int = 1200, **window: Any) -> Listing:
    """A published listing of a new work of ``by``; ``price`` in minor units, 0 for a free one."""
    work = make_pack(by, title, kind=window.pop("kind", "pack"), items=window.pop("items", ITEMS))
    with step():
        shown = {
            "tagline": "Prompts for field work.", "description": "What they *do*.", "tags": ["research"],
            "models": ["Claude"], "currency": "USD", "pricing": "paid" if price else "free", "price": price,
            "terms": "commercial", "slug": title.lower().replace(" ", "-"), **window,
        }  # fmt: skip
        listing = make_listing(work, title=title, **shown)
        publish(listing, by=by)
    return listing_offered(listing.slug)
