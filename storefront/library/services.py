"""Cloning what one holds."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.works.models import Version
from storefront.works.queries import latest_version, version_with_work
from storefront.works.services import clone_version


def make_first_clone(happening: Happening) -> None:
    """The clone that comes with a license, in the holder's personal workspace."""
    license: License = happening.subject
    _clone(license, version_with_work(license.version_id), personal_workspace(license.person), is_first=True)


def clone_again(license: License, *, by: Person) -> Clone:
    """Another clone: of the latest version for an indefinite license, else of the version that was got.

    Raises LicenseEnded or LicenseFrozen.
    """
    # Locked, so that a refund at the same moment either sees this clone and freezes it, or is seen here.
    db.session.refresh(license, ["status"], with_for_update=True)
    license.use()
    return _clone(license, version_to_clone(license), personal_workspace(by), is_first=False)


def version_to_clone(license: License) -> Version:
    """What **Clone again** would copy now. ``license.listing`` must be loaded."""
    if license.clone_mode == "indefinite":
        return latest_version(license.listing.work_id)
    return version_with_work(license.version_id)


def freeze_clones(happening: Happening) -> None:
    """Clones made under an ended license stay visible but frozen."""
    mine = sa.update(Clone).where(Clone.license_id == happening.subject.id, Clone.frozen_at.is_(None))
    db.session.execute(mine.values(frozen_at=clock.now()))


def _clone(license: License, version: Version, into: Workspace, *, is_first: bool) -> Clone:
    work = clone_version(version, into)
    clone = Clone(work=work, license=license, version=version, is_first=is_first, made_at=clock.now())
    db.session.add(clone)
    counted = sa.update(Listing).where(Listing.id == license.listing_id).values(clones=Listing.clones + 1)
    db.session.execute(counted)
    record("work.cloned", work, by=license.person, license=license.id, version=version.id)
    return clone
