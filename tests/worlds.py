"""What tests begin with: works, listings and orders, made by the same verbs the shop uses."""

from __future__ import annotations

from typing import Any

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.catalog.queries import listing_offered
from storefront.catalog.services import make_listing, publish
from storefront.kit import clock
from storefront.kit.db import db, step
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


def make_pack(
    by: Person, title: str = "Field Notes", *, kind: str = "pack", items: Any = ITEMS, into: Workspace | None = None
) -> Work:
    """A work of ``by`` with one published version, in the personal workspace unless it goes ``into`` a team's."""
    with step():
        work = make_work(into or personal_workspace(by), kind, title, items)
        publish_version(work, "First release.", by=by)
    return work


def make_offer(by: Person, title: str = "Field Notes", *, price: int = 1200, **window: Any) -> Listing:
    """A published listing of a new work of ``by``; ``price`` in minor units, 0 for a free one."""
    made = {name: window.pop(name) for name in ("kind", "items", "into") if name in window}
    work = make_pack(by, title, **made)
    with step():
        shown = {
            "tagline": "Prompts for field work.", "description": "What they *do*.", "tags": ["research"],
            "models": ["Claude"], "currency": "USD", "pricing": "paid" if price else "free", "price": price,
            "terms": "commercial", "slug": title.lower().replace(" ", "-"), **window,
        }  # fmt: skip
        listing = make_listing(work, title=title, **shown)
        publish(listing, by=by)
    return listing_offered(listing.slug)


def make_team(owner: Person, handle: str = "press", **roles: Person) -> Workspace:
    """A team of ``owner``, with a member in each role that is named (``editor``, ``viewer``)."""
    with step():
        team = Workspace(kind="team", handle=handle, name=handle.title(), owner_id=owner.id, created_at=clock.now())
        db.session.add(team)
        db.session.flush()
        for role, person in {"owner": owner, **roles}.items():
            db.session.add(Membership(workspace_id=team.id, person_id=person.id, role=role, since=clock.now()))
    return team
