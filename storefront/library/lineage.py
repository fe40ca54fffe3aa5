"""Where a work came from and how often it was cloned: counts for everybody, names of those who allow it.

A copy is somebody else's work. It may be listed only by the owner of what it was made from, or under a license whose
terms allow selling it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.accounts.models import Person, Workspace
from storefront.catalog.models import Listing
from storefront.events.services import Happening
from storefront.kit.db import db
from storefront.kit.inserts import insert_if_new
from storefront.library.models import Clone, CloneName
from storefront.licenses.models import LIVE, License
from storefront.licenses.terms import SELLABLE, TERMS
from storefront.works.models import Version, Work

NAMES_SHOWN = 4
Source = aliased(Work)


@dataclass(frozen=True)
class Ancestor:
    """What a work was cloned from, as its listing in the catalog shows it."""

    slug: str
    title: str
    maker: str
    handle: str


@dataclass(frozen=True)
class Lineage:
    """Up and down from a work. ``clones`` counts all clones, ``names`` are (handle, name) of a few who agreed."""

    ancestor: Ancestor | None
    clones: int
    names: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return self.ancestor is None and not self.clones

    @property
    def times(self) -> str:
        """``once``, ``41 times``."""
        return "once" if self.clones == 1 else f"{self.clones:,} times"


def lineage_of(listing: Listing) -> Lineage:
    """Of a listed work. Where it descends from none and nobody cloned it, nothing more is asked than the work."""
    work = db.session.get_one(Work, listing.work_id)
    names = names_of(listing.id) if listing.clones else []
    return Lineage(ancestor_of(work.id) if work.origin_version_id else None, listing.clones, names)


def lineage_in_studio(work: Work) -> Lineage:
    """Of a work that its people look at, with the clones of all its listings."""
    ancestor = ancestor_of(work.id) if work.origin_version_id else None
    mine = (Listing.workspace_id == work.workspace_id, Listing.work_id == work.id)
    clones = db.session.scalar(sa.select(sa.func.sum(Listing.clones)).where(*mine))
    return Lineage(ancestor, int(clones or 0), [])


def ancestor_of(work_id: int) -> Ancestor | None:
    """The listing, while it is in the catalog, of the work that this one was cloned from."""
    query = (
        sa.select(Listing.slug, Listing.title, Workspace.name, Workspace.handle)
        .select_from(Work)
        .join(Version, Version.id == Work.origin_version_id)
        .join(Source, Source.id == Version.work_id)
        .join(Listing, sa.and_(Listing.workspace_id == Source.workspace_id, Listing.work_id == Source.id))
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .where(Work.id == work_id, Listing.state == "published")
        .order_by(Listing.id)
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    return Ancestor(*row) if row else None


def names_of(listing_id: int) -> list[tuple[str, str]]:
    """Who cloned it last, of those whose name may be shown: ``(handle, name)``, read along an index."""
    query = (
        sa.select(Workspace.handle, Workspace.name)
        .select_from(CloneName)
        .join(Person, Person.id == CloneName.person_id)
        .join(Workspace, sa.and_(Workspace.owner_id == Person.id, Workspace.kind == "personal"))
        .where(CloneName.listing_id == listing_id, Person.named_since.is_not(None))
        .order_by(CloneName.cloned_at.desc(), CloneName.person_id)
        .limit(NAMES_SHOWN)
    )
    return [(row.handle, row.name) for row in db.session.execute(query)]


def name_holder(license: License, at: datetime) -> None:
    """Note the name of somebody who clones, if they allow it."""
    if db.session.get_one(Person, license.person_id).named_since is not None:
        insert_if_new(CloneName, listing_id=license.listing_id, person_id=license.person_id, cloned_at=at)


def forget_holder(license: License) -> None:
    """A license that has ended names nobody."""
    mine = (CloneName.listing_id == license.listing_id, CloneName.person_id == license.person_id)
    db.session.execute(sa.delete(CloneName).where(*mine))


def name_or_forget(happening: Happening) -> None:
    """Somebody changed whether their name may be shown: it is, or is no more, beside all that they cloned."""
    person: Person = happening.subject
    db.session.execute(sa.delete(CloneName).where(CloneName.person_id == person.id))
    if person.named_since is None:
        return
    theirs = (
        sa.select(License.listing_id, License.person_id, sa.func.max(Clone.made_at))
        .join(Clone, Clone.license_id == License.id)
        .where(License.person_id == person.id, License.status.in_(LIVE))
        .group_by(License.listing_id, License.person_id)
    )
    db.session.execute(sa.insert(CloneName).from_select(["listing_id", "person_id", "cloned_at"], theirs))


def unlistable(work: Work) -> str | None:
    """Why a work may not be put into the catalog; None for one's own."""
    if work.origin_version_id is None:
        return BROUGHT if work.brought_from else None
    if db.session.scalar(sa.select(made_by_its_owner(work.id))):
        return None
    query = (
        sa.select(License.terms, Listing.title, Workspace.name)
        .select_from(Clone)
        .join(License, License.id == Clone.license_id)
        .join(Listing, Listing.id == License.listing_id)
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .where(Clone.work_id == work.id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return BROUGHT
    if row.terms in SELLABLE:
        return None
    return (
        f"It is a copy of “{row.title}” by {row.name}. Its {TERMS[row.terms].name.lower()} license is for using it, "
        "not for selling it on. List a work of your own."
    )


BROUGHT = (
    "It came in as a file that somebody got under a license. The license is for using it, not for selling it on. "
    "List a work of your own."
)


def made_by_its_owner(work_id: Any) -> sa.ColumnElement[bool]:
    """Whether the owner of a work's workspace also owns the one that its origin is in."""
    copy, mine, theirs = aliased(Work), aliased(Workspace), aliased(Workspace)
    return sa.exists(
        sa.select(copy.id)
        .join(mine, mine.id == copy.workspace_id)
        .join(Version, Version.id == copy.origin_version_id)
        .join(Source, Source.id == Version.work_id)
        .join(theirs, theirs.id == Source.workspace_id)
        .where(copy.id == work_id, mine.owner_id == theirs.owner_id)
    )


def version_named(origin: dict[str, str | int]) -> int | None:
    """The version of this shop that a file's manifest says it holds; None if it names no license of this shop."""
    number = origin.get("version")
    if not isinstance(number, int) or not 0 < number < 2**31:
        return None
    query = (
        sa.select(Version.id)
        .select_from(License)
        .join(Listing, Listing.id == License.listing_id)
        .join(Version, Version.work_id == Listing.work_id)
        .where(License.number == str(origin["license"]), Version.number == number)
    )
    return db.session.scalar(query)
