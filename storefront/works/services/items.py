"""Adding, saving, duplicating and deleting items."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Conflict, Refusal
from storefront.kit.ids import token
from storefront.works.contents import AnyItem, Contents, draft
from storefront.works.kinds import KINDS
from storefront.works.models import LONGEST_ITEM_TITLE, Item, Undo, Work
from storefront.works.services.places import check_parent, check_room, make_room, next_position, subtree
from storefront.works.services.undos import keep_for_undo


class StaleItem(Conflict):
    """An item was changed since its editor was opened. ``item`` is how it stands now."""

    title = "Somebody changed this meanwhile."
    message = "Nothing is lost: choose which text to keep."

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__()


class CharactersMissing(Refusal):
    status = 422
    title = "Characters first."
    message = "A relationship joins two characters. Add them first."


def revision_of(item: AnyItem) -> str:
    """A fingerprint of what an item says: an editor that began from another one is stale.

    It comes from the content itself, so it also holds across clones, restored versions and undone deletions.
    """
    said = json.dumps([item.title, item.content], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def new_key() -> str:
    """A key for an item made in the studio; it stays the item's own in every version and clone."""
    return token(12).lower()


def add_item(
    work: Work, kind: str, title: str, *, by: Person, parent: str | None = None, after: str | None = None,
    content: Mapping[str, Any] | None = None,
) -> Item:  # fmt: skip
    """A new item below ``parent``, right behind its child ``after`` or behind all. Raises WrongPlace or WorkFull.

    A relationship begins between the first two characters. Raises CharactersMissing if there are none.
    """
    check_parent(work, kind, parent)
    check_room(work, 1)
    filled = dict(content) if content is not None else KINDS[kind].blank()
    if kind == "relationship":
        filled["between"] = _first_two(work)
    item = Item(
        work_id=work.id, key=new_key(), parent_key=parent, position=_position(work, parent, after),
        kind=kind, title=title, content=filled,
    )  # fmt: skip
    db.session.add(item)
    work.updated_at = clock.now()
    record("work.item_added", work, by=by, workspace_id=work.workspace_id, item=item.key)
    return item


def _first_two(work: Work) -> list[str]:
    characters = sa.select(Item.key).where(Item.work_id == work.id, Item.kind == "character")
    found = list(db.session.scalars(characters.order_by(Item.position, Item.key).limit(2)))
    if len(found) < 2:
        raise CharactersMissing
    return found


def _position(work: Work, parent: str | None, after: str | None) -> int:
    sibling = db.session.get(Item, (work.id, after)) if after else None
    if sibling is None or sibling.parent_key != parent:
        return next_position(work, parent)
    make_room(work, parent, sibling.position + 1)
    return sibling.position + 1


def save_item(work: Work, item: Item, title: str, content: dict[str, Any], *, began_from: str) -> None:
    """Keep what an editor holds, if it began from what the item still says. Raises StaleItem.

    ``item`` must have been read under the lock of its work. Saving what is there already changes nothing; saves
    are not recorded one by one, because an editor saves by itself at every pause.
    """
    if (title, content) == (item.title, item.content):
        return
    if began_from != revision_of(item):
        raise StaleItem(item)
    item.title, item.content = title, content
    work.updated_at = clock.now()


def duplicate_item(work: Work, item: Item, *, by: Person) -> Item:
    """A copy of an item and all below it, right behind it. References among the copied lead to the copies."""
    rows = _with_all_below(work, item)
    check_room(work, len(rows))
    keys = {row.key: new_key() for row in rows}
    make_room(work, item.parent_key, item.position + 1)
    copies = [
        {
            "work_id": work.id, "key": keys[row.key], "kind": row.kind, "position": row.position,
            "parent_key": keys.get(row.parent_key or "", row.parent_key), "title": row.title,
            "content": KINDS[row.kind].remapped(row.content, keys),
        }
        for row in rows
    ]  # fmt: skip
    copies[0] |= {"position": item.position + 1, "title": _title_of_copy(item.title)}
    db.session.execute(sa.insert(Item), copies)
    work.updated_at = clock.now()
    record("work.item_added", work, by=by, workspace_id=work.workspace_id, item=keys[item.key], copy_of=item.key)
    return db.session.get_one(Item, (work.id, keys[item.key]))


def _title_of_copy(title: str) -> str:
    ending = " (copy)"
    return title[: LONGEST_ITEM_TITLE - len(ending)] + ending


def _with_all_below(work: Work, item: Item) -> list[Item]:
    """An item and all below it, parents first."""
    walk = subtree(work, item.key)
    query = sa.select(Item).join(walk, Item.key == walk.c.key).where(Item.work_id == work.id)
    return list(db.session.scalars(query.order_by(walk.c.depth, Item.position)))


def relationships_lost(contents: Contents, characters: Collection[str]) -> list[str]:
    """The keys of relationships that would join nobody without these characters."""
    if not characters:
        return []
    found = db.session.execute(contents.columns("key", "content").where(contents.table.kind == "relationship"))
    return [row.key for row in found if set(row.content.get("between", ())) & set(characters)]


def delete_item(work: Work, item: Item, *, by: Person) -> Undo:
    """Take an item out with all below it, and the relationships of characters among them. One undo keeps them all."""
    below = Contents(Item, sa.and_(Item.work_id == work.id, Item.key.in_(sa.select(subtree(work, item.key).c.key))))
    lost = relationships_lost(draft(work), list(db.session.scalars(below.keys_of("character"))))
    gone = Contents(Item, sa.or_(below.owner, sa.and_(Item.work_id == work.id, Item.key.in_(lost))))
    undo = keep_for_undo(work, "deletion", item.title, gone)
    db.session.execute(sa.delete(Item).where(gone.owner))
    work.updated_at = clock.now()
    record("work.item_deleted", work, by=by, workspace_id=work.workspace_id, item=item.key, undo=undo.id)
    return undo
