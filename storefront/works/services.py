"""Making works, publishing versions of them, and cloning a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import OWN_WORKS, require_room
from storefront.accounts.queries import owner_of
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.works.models import Item, Version, VersionItem, Work
from storefront.works.queries import count_own_works

COPIED = ("key", "parent_key", "position", "kind", "title", "content")


class NothingToPublish(Conflict):
    message = "A version needs at least one item."


def make_work(
    workspace: Workspace, kind: str, title: str, items: Iterable[Mapping[str, Any]] = (), *, by: Person | None = None
) -> Work:
    """A new work with ``items`` (mappings of key, parent_key, position, kind, title, content).

    Raises PlanNeeded if the plan of the workspace's owner has no room for another. ``by`` is who asks for it.
    """
    owner = owner_of(workspace.id)
    db.session.execute(sa.select(Person.id).where(Person.id == owner.id).with_for_update())  # two at once: one waits
    require_room(owner, OWN_WORKS, count_own_works(owner), by=by)
    return _begin(workspace, kind, title, items)


def _begin(workspace: Workspace, kind: str, title: str, items: Iterable[Mapping[str, Any]] = ()) -> Work:
    now = clock.now()
    work = Work(
        public_id=public_id("wrk"),
        workspace_id=workspace.id,
        kind=kind,
        title=title,
        created_at=now,
        updated_at=now,
    )
    db.session.add(work)
    db.session.flush()
    replace_items(work, items)
    return work


def replace_items(work: Work, items: Iterable[Mapping[str, Any]]) -> None:
    """Make ``items`` the whole content of the work."""
    db.session.execute(sa.delete(Item).where(Item.work_id == work.id))
    rows = [{**item, "work_id": work.id} for item in items]
    if rows:
        db.session.execute(sa.insert(Item), rows)
    work.updated_at = clock.now()


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
    _copy_rows(Item, Item.work_id == work.id, VersionItem, version_id=version.id)
    record(
        "version.published",
        version,
        by=by,
        workspace_id=work.workspace_id,
        work=work.id,
        number=version.number,
    )
    return version


def clone_version(version: Version, into: Workspace) -> Work:
    """A new work in ``into`` with every item of ``version``. ``version.work`` must be loaded."""
    clone = _begin(into, version.work.kind, version.work.title)
    clone.origin_version_id = version.id
    _copy_rows(VersionItem, VersionItem.version_id == version.id, Item, work_id=clone.id)
    return clone


def _copy_rows(source: Any, where: sa.ColumnElement[bool], target: Any, **owner: int) -> None:
    """INSERT..SELECT: the rows never travel through Python."""
    ((column, value),) = owner.items()
    rows = sa.select(sa.literal(value), *(getattr(source, name) for name in COPIED)).where(where)
    db.session.execute(sa.insert(target).from_select([column, *COPIED], rows))
