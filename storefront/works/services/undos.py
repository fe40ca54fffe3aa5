"""Ways back: what a deed takes away is kept beside the work, and put back when asked."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict
from storefront.works.contents import Contents
from storefront.works.models import Item, Undo, UndoItem, Work
from storefront.works.services.places import make_room
from storefront.works.services.rows import copy_rows

KEPT = 20  # ways back of one work; older ones are let go


class UndoUsed(Conflict):
    title = "This was undone already."


class ParentGone(Conflict):
    title = "The page it stood on is gone."
    message = "Undo the deletion of that page first."


class BackAlready(Conflict):
    title = "It is back already."
    message = "An item with the same key is in the work."


def keep_for_undo(work: Work, deed: str, title: str, contents: Contents) -> Undo:
    """Keep ``contents`` as they are, before ``deed`` takes them away. The oldest ways back are let go."""
    undo = Undo(work_id=work.id, deed=deed, title=title, made_at=clock.now())
    db.session.add(undo)
    db.session.flush()
    copy_rows(contents, UndoItem, undo_id=undo.id)
    newest = sa.select(Undo.id).where(Undo.work_id == work.id).order_by(Undo.id.desc()).limit(KEPT)
    db.session.execute(sa.delete(Undo).where(Undo.work_id == work.id, Undo.id.not_in(newest)))
    return undo


def use_undo(work: Work, undo: Undo, *, by: Person) -> None:
    """Put back what the deed took away. Raises UndoUsed, ParentGone or BackAlready."""
    if undo.used_at is not None:
        raise UndoUsed
    kept = Contents(UndoItem, UndoItem.undo_id == undo.id)
    if undo.deed == "restoration":
        db.session.execute(sa.delete(Item).where(Item.work_id == work.id))
    else:
        _make_way(work, undo)
    copy_rows(kept, Item, work_id=work.id)
    undo.used_at = work.updated_at = clock.now()
    record("work.undone", work, by=by, workspace_id=work.workspace_id, undo=undo.id)


def _make_way(work: Work, undo: Undo) -> None:
    """See that deleted items fit in again, and move aside who stands in the places of the uppermost."""
    below = sa.select(UndoItem.key).where(UndoItem.undo_id == undo.id)
    outer = sa.or_(UndoItem.parent_key.is_(None), UndoItem.parent_key.not_in(below))
    uppermost = sa.select(UndoItem).where(UndoItem.undo_id == undo.id, outer).order_by(UndoItem.position)
    tops = db.session.scalars(uppermost).all()
    for top in tops:
        if top.parent_key is not None and db.session.get(Item, (work.id, top.parent_key)) is None:
            raise ParentGone
    if db.session.scalar(sa.select(sa.exists().where(Item.work_id == work.id, Item.key.in_(below)))):
        raise BackAlready
    for top in tops:
        make_room(work, top.parent_key, top.position)
