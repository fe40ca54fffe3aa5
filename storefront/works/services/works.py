"""Making, renaming and deleting works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from storefront.kit.slices import ask
from storefront.works.models import Item, Undo, Work
from storefront.works.queries import count_own_works, find_latest_version


class WorkNeeded(Conflict):
    title = "This work is needed."


def make_work(
    workspace: Workspace, kind: str, title: str, items: Iterable[Mapping[str, Any]] = (), *, by: Person | None = None
) -> Work:
    """A new work with ``items`` (mappings of key, parent_key, position, kind, title, content).

    Raises PlanNeeded if the plan of the workspace's owner has no room for another. ``by`` is who asks for it.
    """
    owner = owner_of(workspace.id)
    db.session.execute(sa.select(Person.id).where(Person.id == owner.id).with_for_update())  # two at once: one waits
    require_room(owner, OWN_WORKS, count_own_works(owner), by=by)
    work = begin_work(workspace, kind, title)
    replace_items(work, items)
    record("work.made", work, by=by or owner, workspace_id=workspace.id)
    return work


def begin_work(workspace: Workspace, kind: str, title: str) -> Work:
    """A work without items, whoever's plan has room for it."""
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
    return work


def replace_items(work: Work, items: Iterable[Mapping[str, Any]]) -> None:
    """Make ``items`` the whole content of the work."""
    db.session.execute(sa.delete(Item).where(Item.work_id == work.id))
    rows = [{**item, "work_id": work.id} for item in items]
    if rows:
        db.session.execute(sa.insert(Item), rows)
    work.updated_at = clock.now()


def rename_work(work: Work, title: str, *, by: Person) -> None:
    """Call the work by another name. Copies and listings keep theirs."""
    work.title = title
    work.updated_at = clock.now()
    record("work.renamed", work, by=by, workspace_id=work.workspace_id)


def needed_for(work: Work) -> str | None:
    """The sentence that says what needs the work, as the slices below know it; None if nothing does."""
    reasons: list[str | None] = ask("works.needed", work)
    return next((reason for reason in reasons if reason), None)


def delete_work(work: Work, *, by: Person) -> None:
    """Delete a work with its items. Raises WorkNeeded where a listing or a license needs it.

    Published versions are for good; the row of a work that has some stays for them, marked and empty.
    """
    reason = needed_for(work)
    if reason:
        raise WorkNeeded(reason)
    record("work.deleted", work, by=by, workspace_id=work.workspace_id)
    db.session.execute(sa.delete(Undo).where(Undo.work_id == work.id))
    if find_latest_version(work.id) is None:
        db.session.delete(work)
        return
    replace_items(work, ())
    work.deleted_at = clock.now()
