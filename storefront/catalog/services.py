"""Listing works: making a listing, publishing it, and keeping what finding it needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import PLATFORM_LIST, PLATFORM_MONETIZE, require
from storefront.accounts.queries import owner_of
from storefront.catalog.facets import facets_of, keep_facets
from storefront.catalog.frozen_covers import freeze_cover
from storefront.catalog.models import Listing
from storefront.catalog.slugs import give_slug
from storefront.catalog.tags import distinct
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Refusal
from storefront.works.models import Work
from storefront.works.origins import unlistable
from storefront.works.queries import find_latest_version

NEEDS = {
    "title": "a title",
    "tagline": "a tagline",
    "description": "a description",
    "tags": "a tag",
    "version": "a published version of its work",
}


class Suspended(Conflict):
    title = "This listing is suspended."
    message = "Only an operator can put it back. Until then it stays as it is."


class StillNeeded(Conflict):
    title = "This listing can't be deleted."
    message = "Others got it or set out to, and what they hold refers to it. Retire it instead: it leaves the catalog."


class NotListable(Conflict):
    title = "This work can't be listed."


class NotReady(Refusal):
    """Says everything that is missing before a listing can be published."""

    status = 422
    title = "Not ready to publish."


def make_listing(work: Work, *, slug: str, title: str, currency: str, **window: Any) -> Listing:
    """A draft listing of ``work``. ``window`` holds any other field of the shop window by its column's name.

    Tags are kept in their one spelling, in which the catalog looks for them. Raises PlanNeeded for a price or
    All-Access that the plan of the workspace's owner does not have.
    """
    now = clock.now()
    require_to_earn(work.workspace_id, price=window.get("price", 0), all_access=window.get("all_access", False))
    window["tags"] = list(distinct(window.get("tags", ())))
    listing = Listing(
        work_id=work.id, workspace_id=work.workspace_id, kind=work.kind, slug=slug, title=title, currency=currency,
        created_at=now, updated_at=now, **window,
    )  # fmt: skip
    db.session.add(listing)
    db.session.flush()
    return listing


def change_window(listing: Listing, **window: Any) -> None:
    """Change fields of the shop window by their columns' names; in the catalog it shows with the next ``publish``.

    Raises Conflict for a suspended listing: what was reported stays as it was until that is decided.
    """
    if listing.state == "suspended":
        raise Suspended
    if "tags" in window:
        window["tags"] = list(distinct(window["tags"]))
    for name, value in window.items():
        setattr(listing, name, value)
    listing.updated_at = clock.now()


def refuse_unless_listable(work: Work) -> None:
    """Raises NotListable, with the reason, for a work that came from somebody else."""
    if reason := unlistable(work):
        raise NotListable(reason)


def require_to_earn(workspace_id: int, *, price: int, all_access: bool, by: Person | None = None) -> None:
    """Raises PlanNeeded for a price or All-Access that the plan of the workspace's owner does not have."""
    if price or all_access:
        require(owner_of(workspace_id), PLATFORM_MONETIZE, by=by)


def publish(listing: Listing, *, by: Person, at: datetime | None = None) -> None:
    """Put the latest version of the listing's work into the catalog, dated ``at`` (now, unless told of later).

    Raises NotReady with one list of what is missing, Conflict for a suspended listing, NotListable, PlanNeeded.
    """
    require(owner_of(listing.workspace_id), PLATFORM_LIST, by=by)
    require_to_earn(listing.workspace_id, price=listing.price, all_access=listing.all_access, by=by)
    if listing.state == "suspended":
        raise Suspended
    refuse_unless_listable(db.session.get_one(Work, listing.work_id))
    version = find_latest_version(listing.work_id)
    lacking = missing(listing, has_version=version is not None)
    if lacking or version is None:
        raise NotReady(f"It still needs {', '.join(NEEDS[name] for name in lacking)}.")
    now = at or clock.now()
    listing.version_id = version.id
    if listing.published_at is None:
        listing.published_at = now
        listing.newest = moment(now)
        give_slug(listing)
        listing.cover = listing.cover or freeze_cover(listing)
    workspace = db.session.get_one(Workspace, listing.workspace_id)
    listing.search_text = search_text(listing.tags, workspace.name, workspace.handle)
    listing.state = "published"
    listing.updated_at = now
    db.session.flush()
    keep_facets(listing, facets_of(listing))
    record("listing.published", listing, by=by, workspace_id=listing.workspace_id, version=version.id)


def moment(at: datetime) -> int:
    """Microseconds since 1970: what ``newest`` sorts by."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def search_text(tags: Sequence[str], name: str, handle: str) -> str:
    """What a search looks through beside title and tagline: tags and creator, which are in other columns or tables."""
    return " ".join((*tags, name, handle))


def find_by_new_name(happening: Happening) -> None:
    """The listings of a workspace that was renamed are found under its new name, no more under the old one."""
    workspace: Workspace = happening.subject
    known = sa.select(Listing.id, Listing.tags).where(Listing.workspace_id == workspace.id, Listing.search_text != "")
    rows = [
        {"id": row.id, "search_text": search_text(row.tags, workspace.name, workspace.handle)}
        for row in db.session.execute(known)
    ]
    if rows:
        db.session.execute(sa.update(Listing), rows)


def unpublish(listing: Listing, *, by: Person) -> None:
    """Back to a draft: gone from the catalog at once; who holds a license keeps everything."""
    if listing.state != "published":
        raise Conflict("This listing is not in the catalog.")
    _withdraw(listing, "draft")
    record("listing.unpublished", listing, by=by, workspace_id=listing.workspace_id)


def retire(listing: Listing, *, by: Person) -> None:
    """Out of the catalog for good, or until it is published again; who holds a license keeps everything."""
    if listing.state == "suspended":
        raise Suspended
    if listing.state == "retired":
        raise Conflict("This listing is retired already.")
    _withdraw(listing, "retired")
    record("listing.retired", listing, by=by, workspace_id=listing.workspace_id)


def delete(listing: Listing, *, by: Person) -> None:
    """Remove a draft or a retired listing that nothing else refers to. Raises StillNeeded, Conflict."""
    if listing.state not in ("draft", "retired"):
        raise Conflict("Only a draft or a retired listing can be deleted.")
    record("listing.deleted", listing, by=by, workspace_id=listing.workspace_id)
    try:
        with db.session.begin_nested():
            db.session.delete(listing)
    except IntegrityError:
        raise StillNeeded from None  # the keys say so: a license, an order, and whatever slices may add


def suspend(listing: Listing, reason: str, *, by: Person | None = None) -> None:
    """Take a published listing down for ``reason``; only an operator puts it back."""
    if listing.state != "published":
        raise Conflict("Only a published listing can be suspended.")
    listing.suspended_reason = reason
    _withdraw(listing, "suspended")
    record("listing.suspended", listing, by=by, workspace_id=listing.workspace_id)


def restore(listing: Listing, *, by: Person) -> None:
    """Put a suspended listing back into the catalog as it was; only an operator does."""
    if listing.state != "suspended":
        raise Conflict("This listing is not suspended.")
    listing.state, listing.suspended_reason = "published", ""
    listing.updated_at = clock.now()
    db.session.flush()
    keep_facets(listing, facets_of(listing))
    record("listing.restored", listing, by=by, workspace_id=listing.workspace_id)


def _withdraw(listing: Listing, state: str) -> None:
    listing.state = state
    listing.updated_at = clock.now()
    db.session.flush()
    keep_facets(listing, set())


def missing(listing: Listing, *, has_version: bool) -> list[str]:
    """What a listing lacks before it can be published: names of ``NEEDS``, in their order."""
    return [name for name in NEEDS if not (has_version if name == "version" else getattr(listing, name))]


def count_get(listing_id: int, *, paid: bool) -> None:
    """Add one to the listing's gets, and to its sales if money was paid."""
    added: dict[str, Any] = {"gets": Listing.gets + 1}
    if paid:
        added["sales"] = Listing.sales + 1
    db.session.execute(sa.update(Listing).where(Listing.id == listing_id).values(**added))
