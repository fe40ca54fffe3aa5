"""Publishing versions of a work, going back to one, and cloning one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.works.contents import draft, published
from storefront.works.models import Item, Undo, Version, VersionItem, Work
from storefront.works.services.rows import copy_rows
from storefront.works.services.undos import keep_for_undo
from storefront.works.services.works import begin_work


class NothingToPublish(Conflict):
    title = "There is nothing to publish yet."
    message = "A version needs at least one item."


def publish_version(work: Work, changelog: str, *, by: Person, at: datetime | None = None) -> Version:
    """Take an immutable snapshot under the next number, dated ``at`` (now, unless it is told of later).

    Two at once: the unique key refuses the second.
    """
    counted = sa.select(Item.kind, sa.func.count()).where(Item.work_id == work.id).group_by(Item.kind)
    counts = {row[0]: row[1] for row in db.session.execute(counted)}
    if not counts:
        raise NothingToPublish
    last = db.session.scalar(sa.select(sa.func.max(Version.number)).where(Version.work_id == work.id)) or 0
    version = Version(
        work_id=work.id,
        number=last + 1,
        changelog=changelog,
        published_at=at or clock.now(),
        item_counts=counts,
    )
    db.session.add(version)
    db.session.flush()
    copy_rows(draft(work), VersionItem, version_id=version.id)
    record(
        "version.published",
        version,
        by=by,
        workspace_id=work.workspace_id,
        work=work.id,
        number=version.number,
    )
    return version


def restore_version(work: Work, version: Version, *, by: Person) -> Undo:
    """Make the version what the work holds now. What it held before is kept for one undo."""
    undo = keep_for_undo(work, "restoration", f"Version {version.number}", draft(work))
    db.session.execute(sa.delete(Item).where(Item.work_id == work.id))
    copy_rows(published(version), Item, work_id=work.id)
    work.updated_at = clock.now()
    record("work.restored", work, by=by, workspace_id=work.workspace_id, version=version.id)
    return undo


def clone_version(version: Version, into: Workspace) -> Work:
    """A new work in ``into`` with every item of ``version``. ``version.work`` must be loaded."""
    clone = begin_work(into, version.work.kind, version.work.title)
    clone.origin_version_id = version.id
    copy_rows(published(version), Item, work_id=clone.id)
    return clone
