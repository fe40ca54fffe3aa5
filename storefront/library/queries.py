"""Reading clones; each read names its reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.queries import personal_workspace, workspaces_of
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.kit.dates import moment
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.works.models import Version, Work
from storefront.works.origins import Origin

SHARED_TERMS = ("commercial", "team")  # the licenses that cover a team
MOST_CLONES = 100  # shown on a license's page
MOST_VERSIONS = 10  # whose changelogs are shown together
USABLE = ("completed", "free")  # licenses that new clones may be made under

FROZEN = {
    "refunded": "Its price was paid back. You can read it here, not copy it or take it out.",
    "revoked": "Its license was revoked. You can read it here, not copy it or take it out.",
    "disputed": "Its payment is disputed with the bank. It thaws once that is settled in the shop's favor.",
}


class Counts(NamedTuple):
    """Figures for the library's tabs."""

    works: int
    purchases: int


def counts_of(person: Person) -> Counts:
    """How many licenses a person holds or held, and how many orders they paid; both off an index."""
    licenses = sa.select(sa.func.count()).select_from(License).where(License.person_id == person.id)
    orders = (
        sa.select(sa.func.count()).select_from(Order).where(Order.buyer_id == person.id, Order.paid_at.is_not(None))
    )
    row = db.session.execute(sa.select(licenses.scalar_subquery(), orders.scalar_subquery())).one()
    return Counts(*row)


def newest_clone(license: License) -> Clone | None:
    """The latest clone under a license that its holder can open, with its work."""
    return db.session.scalar(_clones(license).limit(1))


def clones_of(license: License) -> Sequence[Clone]:
    """The newest clones under a license that its holder can open, each with its work, workspace and version."""
    found = _clones(license).limit(MOST_CLONES)
    within = joinedload(Clone.work).joinedload(Work.workspace)
    return db.session.scalars(found.options(within, joinedload(Clone.version))).all()


def copy_words(clone: Clone) -> str:
    """``Version 1, copied 3 March 2026, 10:41, in Press``: one of several copies, told from the others."""
    place = f", in {clone.work.workspace.name}" if clone.work.workspace.kind == "team" else ""
    return f"Version {clone.version.number}, copied {moment(clone.made_at)}{place}"


def _clones(license: License) -> sa.Select[Clone]:
    """Copies in a team that the holder has left are the team's."""
    return (
        sa.select(Clone)
        .join(Work, Work.id == Clone.work_id)
        .join(Membership, Membership.workspace_id == Work.workspace_id)
        .where(Clone.license_id == license.id, Membership.person_id == license.person_id)
        .order_by(Clone.work_id.desc())
        .options(joinedload(Clone.work))
    )


def places_for(license: License) -> Sequence[Workspace]:
    """The workspaces that its holder may clone into: the own one first, and teams if the license covers them."""
    person = license.person
    return workspaces_of(person, to="edit") if license.terms in SHARED_TERMS else [personal_workspace(person)]


def clone_to_update(license: License, public_id: str | None = None) -> Clone:
    """The clone under a license whose work has this id, else the newest, with its work and version.

    Raises NotFound if its holder can open none.
    """
    query = _clones(license).options(joinedload(Clone.version)).limit(1)
    clone = db.session.scalar(query.where(Work.public_id == public_id) if public_id else query)
    if clone is None:
        raise NotFound
    return clone


def versions_since(clone: Clone, latest: Version) -> Sequence[Version]:
    """The versions that came out after the one a clone was made of, the newest first, at most a page of them."""
    since = sa.select(Version).where(Version.work_id == latest.work_id, Version.number > clone.version.number)
    return db.session.scalars(since.order_by(Version.number.desc()).limit(MOST_VERSIONS)).all()


def origin_of_clone(work: Work) -> Origin | None:
    """Where a clone came from; None if the work isn't one. Who may see the work may see this."""
    columns = (License.public_id, License.status, License.person_id, License.number.label("license"), Listing.slug)
    query = (
        sa.select(Version.number, Workspace.name, *columns)
        .select_from(Clone)
        .join(Version, Version.id == Clone.version_id)
        .join(License, License.id == Clone.license_id)
        .join(Listing, Listing.id == License.listing_id)
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .where(Clone.work_id == work.id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    address = url_for("library.show", public_id=row.public_id)
    frozen = FROZEN.get(row.status, "")
    return Origin(row.number, row.name, row.person_id, address, row.license, row.slug, frozen)


def licenses_without_clone(*, limit: int = 100) -> Sequence[int]:
    """Ids of usable licenses that lack their first clone; each license is looked up in the index of first clones."""
    first = sa.select(Clone.work_id).where(Clone.license_id == License.id, Clone.is_first)
    query = sa.select(License.id).where(License.status.in_(USABLE), ~first.exists()).order_by(License.id)
    return db.session.scalars(query.limit(limit)).all()


def license_needs(work: Work) -> str | None:
    """Why a copy can't be deleted: its license leads to it. None if the work isn't a copy."""
    is_copy = db.session.scalar(sa.select(sa.exists().where(Clone.work_id == work.id)))
    return "It is a copy that came with a license. The license leads to it, so it stays." if is_copy else None
