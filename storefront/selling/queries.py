"""Reading what is edited. Each read names its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.plans import SHARE_LINK, may
from storefront.accounts.queries import To, allow, workspaces_of
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.errors import NotFound, Refusal
from storefront.library.lineage import made_by_its_owner
from storefront.selling.drafts import Draft
from storefront.selling.models import DraftPicture, ListingDraft, ShareLink
from storefront.works.models import Work
from storefront.works.queries import find_latest_version

MOST_WORKS = 500  # that are offered to choose from, the newest


class DeadLink(Refusal):
    status = 410
    title = "This preview is closed."
    message = "Whoever sent you the link took it back or made another. Ask them for the new one."


@dataclass(frozen=True)
class Place:
    """A listing that somebody was let to, and with which role in its workspace."""

    listing: Listing
    role: str

    @property
    def may_edit(self) -> bool:
        return self.role != "viewer"


def place_of(person: Person, listing_id: int, to: To = "see", *, lock: bool = False) -> Place:
    """A listing in one of ``person``'s workspaces, with work, workspace and owner. Raises NotFound, OnlySeeing."""
    query = (
        sa.select(Listing, Membership.role)
        .join(Membership, Membership.workspace_id == Listing.workspace_id)
        .where(Listing.id == listing_id, Membership.person_id == person.id)
        .options(_with_owner(), joinedload(Listing.work))
    )
    if lock:
        query = query.with_for_update(of=Listing, key_share=True)  # who gets it meanwhile need not wait
    row = db.session.execute(query, execution_options={"populate_existing": lock}).one_or_none()
    if row is None:
        raise NotFound
    allow(row[1], to)
    return Place(row[0], row[1])


def listing_for(person: Person, listing_id: int, to: To = "see") -> Listing:
    """The same listing alone; locked for whoever wants to change it."""
    return place_of(person, listing_id, to, lock=to != "see").listing


def draft_of(listing: Listing) -> Draft:
    """What is typed for a listing whose work, workspace and owner are loaded. Five statements at most."""
    rows = db.session.scalars(
        sa.select(ListingDraft).where(ListingDraft.listing_id == listing.id).options(joinedload(ListingDraft.saved_by))
    )
    works = [listing.work] if listing.published_at else _listable(listing.workspace_id)
    draft = Draft(listing, {work.public_id: work for work in works}, {row.step: row for row in rows})
    draft.version = find_latest_version(draft.work.id)
    shown = sa.select(DraftPicture).where(DraftPicture.listing_id == listing.id).options(joinedload(DraftPicture.media))
    draft.pictures = db.session.scalars(shown.order_by(DraftPicture.place)).all()
    return draft


def works_to_list(person: Person) -> list[tuple[Workspace, Sequence[Work]]]:
    """The works that ``person`` may list, by the workspaces they edit; those without any are left out."""
    found = [(workspace, _listable(workspace.id)) for workspace in workspaces_of(person, "edit")]
    return [(workspace, works) for workspace, works in found if works]


def _listable(workspace_id: int) -> Sequence[Work]:
    """Works that were made there, the newest first. A copy is somebody else's work, unless its owner made that too."""
    begun = sa.and_(Work.origin_version_id.is_(None), Work.brought_from.is_(None))
    own = sa.or_(begun, sa.and_(Work.origin_version_id.is_not(None), made_by_its_owner(Work.id)))
    query = sa.select(Work).where(Work.workspace_id == workspace_id, Work.deleted_at.is_(None), own)
    return db.session.scalars(query.order_by(Work.id.desc()).limit(MOST_WORKS)).all()


def find_share_link(listing: Listing) -> ShareLink | None:
    return db.session.get(ShareLink, listing.id)


def shared_draft(token: str) -> Draft:
    """The draft that a link shows, while its workspace's owner has the plan for it. Raises DeadLink."""
    query = (
        sa.select(Listing)
        .join(ShareLink, ShareLink.listing_id == Listing.id)
        .where(ShareLink.token == token)
        .options(_with_owner(), joinedload(Listing.work))
    )
    listing = db.session.scalar(query)
    if listing is None or not may(listing.workspace.owner, SHARE_LINK):
        raise DeadLink
    return draft_of(listing)


def _with_owner() -> Any:
    return joinedload(Listing.workspace).joinedload(Workspace.owner)
