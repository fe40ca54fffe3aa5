"""Taking items from a file into a work: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.works.contents import draft
from storefront.works.kinds import KINDS
from storefront.works.models import Item, Work
from storefront.works.portable.rows import Fault, Row, Unreadable, checked
from storefront.works.services.items import new_key
from storefront.works.services.places import check_room, next_position


def import_items(work: Work, rows: Sequence[Row], *, by: Person) -> None:
    """Add the rows behind what the work holds. Keys that are taken give way to new ones, references with them.

    Raises Unreadable, or WorkFull; then nothing was added.
    """
    there = draft(work).kinds()
    checked(rows, there)
    _check_files(work, rows)
    check_room(work, len(rows))
    keys = {row.key: new_key() if row.key in there else row.key for row in rows}
    first = next_position(work, None)
    items = [
        {
            "work_id": work.id, "key": keys[row.key], "parent_key": keys[row.parent] if row.parent else None,
            "position": first + number, "kind": row.kind, "title": row.title,
            "content": KINDS[row.kind].remapped(row.content, keys),
        }
        for number, row in enumerate(rows)
    ]  # fmt: skip
    db.session.execute(sa.insert(Item), items)
    work.updated_at = clock.now()
    record("work.imported", work, by=by, workspace_id=work.workspace_id, items=len(items))


def _check_files(work: Work, rows: Sequence[Row]) -> None:
    """A file's hash opens it, so only files that the workspace has in a work of its own may be named."""
    named = {row.content["sha256"]: row for row in rows if row.kind == "file" and row.content}
    if not named:
        return
    ours = sa.select(Item.content).join(Work, Work.id == Item.work_id)
    ours = ours.where(Work.workspace_id == work.workspace_id, Item.kind == "file")
    known = {content.get("sha256") for content in db.session.scalars(ours)}
    missing = [
        Fault(row.at("content.sha256"), "Files do not travel in JSON. This one is in no work of the workspace.")
        for sha256, row in named.items()
        if sha256 not in known
    ]
    if missing:
        raise Unreadable(missing)
