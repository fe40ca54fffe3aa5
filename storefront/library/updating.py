"""Taking what a later version changed into a clone, or keeping one's own, and undoing that as a whole.

Every item travels from table to table inside the database. Who takes an item takes the pages it stands on; a page that
they removed stays while something of the holder's stands on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.library.comparison import Now, differ, offered
from storefront.library.models import Clone, Update, UpdateItem
from storefront.library.placing import check_tree, place, positions_of, put_back_positions
from storefront.works.contents import COPIED, Contents
from storefront.works.models import Item, Version, VersionItem, Work
from storefront.works.services.rows import copy_rows


class NothingToTake(Conflict):
    title = "There is nothing left to answer."
    message = "These changes were taken or kept already. Load the page again to see how it stands."


class NothingToUndo(Conflict):
    title = "This can't be undone any more."
    message = "It was undone already, or a later update came after it."


def answer(work: Work, clone: Clone, version: Version, answers: Mapping[str, bool], *, by: Person) -> Update:
    """Take (True) or keep (False) by key; keys that nothing is offered for are left out. Raises NothingToTake.

    ``work`` must be locked by ``work_to_edit``. Raises WrongPlace or WorkFull if the work would not hold together.
    """
    update = _begin(clone, version)
    taken = [key for key, take in answers.items() if take]
    asked = sa.select(offered(clone, version).subquery()).where(sa.column("key").in_(answers)).subquery()
    _remember(update, asked, sa.case((asked.c.key.in_(taken), True), else_=False))
    if not db.session.scalar(sa.select(sa.exists().where(UpdateItem.update_id == update.id))):
        raise NothingToTake
    return _apply(update, work, clone, version, by=by)


def answer_all(work: Work, clone: Clone, version: Version, *, take: bool, by: Person) -> Update:
    """Take everything that is offered, or keep one's own everywhere; both leave nothing of the version to answer."""
    update = _begin(clone, version)
    _remember(update, offered(clone, version).subquery(), sa.literal(take))
    return _apply(update, work, clone, version, by=by)


def undo(work: Work, clone: Clone, public_id: str, *, by: Person) -> int:
    """Put back what the latest update changed; returns how many items were edited since and stay as they are.

    ``work`` must be locked by ``work_to_edit``. Raises NothingToUndo, or WrongPlace if a page is gone meanwhile.
    """
    update = latest_update(clone)
    if update is None or update.public_id != public_id:
        raise NothingToUndo
    left = _leave_what_was_edited(update)
    mine = sa.and_(UpdateItem.update_id == update.id, UpdateItem.taken, UpdateItem.kind.is_not(None))
    _replace(work, Contents(UpdateItem, mine))
    _remove(work, _keys(update, UpdateItem.kind.is_(None)))
    put_back_positions(work.id, update.positions)
    check_tree(work)
    update.undone_at = work.updated_at = clock.now()
    record("work.update_undone", work, by=by, workspace_id=work.workspace_id, update=update.id)
    return left


def latest_update(clone: Clone) -> Update | None:
    """The update that can be undone now: the last one that was not."""
    mine = sa.select(Update).where(Update.work_id == clone.work_id, Update.undone_at.is_(None))
    return db.session.scalar(mine.order_by(Update.id.desc()).limit(1))


def _begin(clone: Clone, version: Version) -> Update:
    update = Update(work_id=clone.work_id, version_id=version.id, made_at=clock.now())
    db.session.add(update)
    db.session.flush()
    return update


def _remember(update: Update, asked: sa.Subquery, taken: sa.ColumnElement[bool]) -> None:
    """Write the answers, each with the clone's item as it is before anything changes."""
    here = sa.and_(Item.work_id == update.work_id, Item.key == asked.c.key)
    columns = [getattr(Item, name) for name in COPIED if name != "key"]
    rows = sa.select(sa.literal(update.id), asked.c.key, taken, *columns).select_from(asked).outerjoin(Item, here)
    names = ["update_id", "key", "taken", *(column.key for column in columns)]
    db.session.execute(sa.insert(UpdateItem).from_select(names, rows))


def _apply(update: Update, work: Work, clone: Clone, version: Version, *, by: Person) -> Update:
    _take_pages_too(update, version)
    before = positions_of(work.id)
    there = sa.select(VersionItem.key).where(VersionItem.version_id == version.id)
    theirs = sa.and_(VersionItem.version_id == version.id, VersionItem.key.in_(_keys(update)))
    _replace(work, Contents(VersionItem, theirs))
    held = _remove(work, _keys(update, UpdateItem.key.not_in(there)))
    if held:
        kept = sa.update(UpdateItem).where(UpdateItem.update_id == update.id, UpdateItem.key.in_(held))
        db.session.execute(kept.values(taken=False))
    update.positions = place(work.id, before, version, set(db.session.scalars(_keys(update))))
    check_tree(work)
    update.is_complete = not db.session.scalar(sa.select(offered(clone, version).exists()))
    work.updated_at = clock.now()
    record("work.updated", work, by=by, workspace_id=work.workspace_id, version=version.id, update=update.id)
    return update


def _keys(update: Update, *conditions: sa.ColumnElement[bool]) -> sa.Select[str]:
    """The keys that an update takes."""
    return sa.select(UpdateItem.key).where(UpdateItem.update_id == update.id, UpdateItem.taken, *conditions)


def _take_pages_too(update: Update, version: Version) -> None:
    """What is taken needs the pages around it: those that the clone lacks are taken as well."""
    up = sa.select(VersionItem.parent_key.label("key")).where(
        VersionItem.version_id == version.id, VersionItem.key.in_(_keys(update)), VersionItem.parent_key.is_not(None)
    )
    around = up.cte("around", recursive=True)
    more = sa.select(VersionItem.parent_key).join(around, VersionItem.key == around.c.key)
    around = around.union(more.where(VersionItem.version_id == version.id, VersionItem.parent_key.is_not(None)))
    here = sa.exists().where(Item.work_id == update.work_id, Item.key == around.c.key)
    lacking = sa.select(around.c.key).where(~here)
    mine = UpdateItem.update_id == update.id
    turned = sa.update(UpdateItem).where(mine, UpdateItem.key.in_(lacking))
    db.session.execute(turned.values(taken=True), execution_options={"synchronize_session": False})
    rows = sa.select(sa.literal(update.id), around.c.key, sa.true()).where(
        ~here, around.c.key.not_in(sa.select(UpdateItem.key).where(mine))
    )
    db.session.execute(sa.insert(UpdateItem).from_select(["update_id", "key", "taken"], rows))


def _replace(work: Work, contents: Contents) -> None:
    """Put ``contents`` in the place of the items of the same keys. References to them are checked at the commit."""
    _delete(work, contents.columns("key"))
    copy_rows(contents, Item, work_id=work.id)


def _remove(work: Work, gone: sa.Select[str]) -> list[str]:
    """Take the items out, but pages on which something else stands; returns their keys."""
    held = sa.select(Item.parent_key.label("key")).where(
        Item.work_id == work.id, Item.parent_key.in_(gone), Item.key.not_in(gone)
    )
    walk = held.cte("held", recursive=True)
    up = sa.select(Item.parent_key).join(walk, Item.key == walk.c.key)
    walk = walk.union(up.where(Item.work_id == work.id, Item.parent_key.in_(gone)))
    keys = list(db.session.scalars(sa.select(walk.c.key)))
    _delete(work, gone, Item.key.not_in(keys))
    return keys


def _delete(work: Work, keys: sa.Select[Any], *conditions: sa.ColumnElement[bool]) -> None:
    gone = sa.delete(Item).where(Item.work_id == work.id, Item.key.in_(keys), *conditions)
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _leave_what_was_edited(update: Update) -> int:
    """Mark what the holder changed since it was taken as not to be put back; returns how many items that are."""
    taken = sa.and_(UpdateItem.update_id == update.id, UpdateItem.taken)
    edited = (
        sa.select(UpdateItem.key)
        .outerjoin(Item, sa.and_(Item.work_id == update.work_id, Item.key == UpdateItem.key))
        .outerjoin(Now, sa.and_(Now.version_id == update.version_id, Now.key == UpdateItem.key))
        .where(taken, differ(Item, Now))
    )
    keys = list(db.session.scalars(edited))
    left = sa.update(UpdateItem).where(taken, UpdateItem.key.in_(keys))
    db.session.execute(left.values(taken=False), execution_options={"synchronize_session": False})
    return len(keys)
