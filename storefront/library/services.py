"""Cloning what one holds."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Forbidden
from storefront.kit.periodic import Tally
from storefront.library.lineage import forget_holder, name_holder
from storefront.library.models import Clone
from storefront.library.queries import SHARED_TERMS, USABLE, licenses_without_clone
from storefront.licenses.models import License
from storefront.works.models import Version
from storefront.works.queries import latest_version, version_with_work
from storefront.works.services import clone_version

log = logging.getLogger(__name__)


class ForOneAlone(Forbidden):
    title = "This license is for you alone."
    message = "A personal license does not cover a team. Copy it into your own workspace."


def make_first_clone(happening: Happening) -> None:
    """The clone that comes with a license, in the holder's personal workspace."""
    license: License = happening.subject
    _clone(license, version_with_work(license.version_id), personal_workspace(license.person), is_first=True)


def sweep() -> list[Tally]:
    """Make the first clones that are missing. Each in a step of its own, so that one that fails holds up no other."""
    missing = licenses_without_clone()
    made = 0
    for license_id in missing:
        try:
            with step():
                made += make_missing_clone(license_id)
        except Exception:
            log.exception("license %s still has no first clone", license_id)
    return [Tally("licenses without their first copy", len(missing), made)]


def make_missing_clone(license_id: int) -> bool:
    """The first clone of a license that has none. False if it has one by now, or is not good for new ones.

    The license is locked, so two sweeps make one; the partial unique index would refuse a second.
    """
    query = sa.select(License).where(License.id == license_id).options(joinedload(License.person, innerjoin=True))
    license = db.session.scalars(query.with_for_update(of=License), execution_options={"populate_existing": True}).one()
    first = sa.select(Clone.work_id).where(Clone.license_id == license_id, Clone.is_first)
    if license.status not in USABLE or db.session.scalar(first) is not None:
        return False
    _clone(license, version_with_work(license.version_id), personal_workspace(license.person), is_first=True)
    return True


def clone_again(license: License, *, by: Person, into: Workspace | None = None) -> Clone:
    """Another clone: of the latest version for an indefinite license, else of the version that was got.

    ``into`` is a workspace that ``by`` may edit, their own if none is named. Raises LicenseEnded, LicenseFrozen or
    ForOneAlone.
    """
    into = into or personal_workspace(by)
    if into.kind == "team" and license.terms not in SHARED_TERMS:
        raise ForOneAlone
    # Locked, so that a refund at the same moment either sees this clone and freezes it, or is seen here.
    db.session.refresh(license, ["status"], with_for_update=True)
    license.use()
    return _clone(license, version_to_clone(license), into, is_first=False)


def version_to_clone(license: License) -> Version:
    """What **Clone again** would copy now. ``license.listing`` must be loaded."""
    if license.clone_mode == "indefinite":
        return latest_version(license.listing.work_id)
    return version_with_work(license.version_id)


def freeze_clones(happening: Happening) -> None:
    """Clones made under a license that ended or is disputed stay visible but frozen, and name nobody."""
    mine = sa.update(Clone).where(Clone.license_id == happening.subject.id, Clone.frozen_at.is_(None))
    db.session.execute(mine.values(frozen_at=clock.now()))
    forget_holder(happening.subject)


def thaw_clones(happening: Happening) -> None:
    """A license that is live again gives its clones back."""
    mine = sa.update(Clone).where(Clone.license_id == happening.subject.id, Clone.frozen_at.is_not(None))
    db.session.execute(mine.values(frozen_at=None))
    name_holder(happening.subject, clock.now())


def _clone(license: License, version: Version, into: Workspace, *, is_first: bool) -> Clone:
    work = clone_version(version, into)
    clone = Clone(work=work, license=license, version=version, is_first=is_first, made_at=clock.now())
    db.session.add(clone)
    name_holder(license, clone.made_at)
    counted = sa.update(Listing).where(Listing.id == license.listing_id).values(clones=Listing.clones + 1)
    db.session.execute(counted)
    record("work.cloned", work, by=license.person, license=license.id, version=version.id)
    return clone
