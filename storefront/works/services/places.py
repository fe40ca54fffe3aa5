"""Where items stand: below which page, and in which order among their siblings.

Siblings are in the order of their positions, which are all different; gaps do not matter. Every change of a
tree happens while its work's row is locked, so two at once cannot make a circle of two halves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Refusal
from storefront.works.models import DEEPEST, MOST_ITEMS, Item, Work


class WrongPlace(Refusal):
    status = 422
    title = "It can't go there."


class WorkFull(Refusal):
    status = 422
    title = "The work is full."
    message = f"A work holds at most {MOST_ITEMS:,} items. Take some out, or begin another work."


def below(parent: str | None) -> sa.ColumnElement[bool]:
    """The condition for standing right below ``parent``, or at the top for None."""
    return Item.parent_key.is_(None) if parent is None else Item.parent_key == parent


def next_position(work: Work, parent: str | None) -> int:
    """The position behind the last one below ``parent``."""
    last = db.session.scalar(sa.select(sa.func.max(Item.position)).where(Item.work_id == work.id, below(parent)))
    return 0 if last is None else last + 1


def make_room(work: Work, parent: str | None, position: int) -> None:
    """Leave ``position`` below ``parent`` free: if somebody stands there, they and who is behind move on by one."""
    taken = sa.exists().where(Item.work_id == work.id, below(parent), Item.position == position)
    if not db.session.scalar(sa.select(taken)):
        return
    behind = sa.update(Item).where(Item.work_id == work.id, below(parent), Item.position >= position)
    db.session.execute(behind.values(position=Item.position + 1))


def check_parent(work: Work, kind: str, parent: str | None, *, height: int = 0) -> None:
    """Raises WrongPlace unless an item of ``kind`` with ``height`` levels below it may stand below ``parent``."""
    if parent is None:
        if kind == "block":
            raise WrongPlace("A block belongs to a page.")
        return
    page = db.session.get(Item, (work.id, parent))
    if page is None or page.kind != "page":
        raise WrongPlace("Only pages hold other items.")
    if len(ancestors(work, parent)) + 1 + height > DEEPEST:
        raise WrongPlace(f"Pages go {DEEPEST} deep, not deeper.")


def check_room(work: Work, more: int) -> None:
    """Raises WorkFull if the work has no room for so many items more."""
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Item).where(Item.work_id == work.id)) or 0
    if there + more > MOST_ITEMS:
        raise WorkFull


def move_item(work: Work, item: Item, parent: str | None, before: str | None) -> None:
    """Put an item below ``parent``, in front of its child ``before`` or behind all. Raises WrongPlace."""
    if parent is not None and item.key in (parent, *ancestors(work, parent)):
        raise WrongPlace("A page can't stand inside itself.")
    check_parent(work, item.kind, parent, height=height_of(work, item.key))
    if before == item.key:
        return
    if before is None:
        position = next_position(work, parent)
    else:
        position = _position_of(work, before, parent)
        make_room(work, parent, position)
    item.parent_key, item.position = parent, position
    work.updated_at = clock.now()
    db.session.flush()


def move_beside(work: Work, item: Item, other: Item, way: str) -> None:
    """Put an item ``before`` or ``behind`` another, or ``into`` a page. Raises WrongPlace."""
    if way == "into":
        move_item(work, item, other.key, None)
    elif way == "before":
        move_item(work, item, other.parent_key, other.key)
    else:
        behind = _neighbor(other, back=False)
        move_item(work, item, other.parent_key, behind.key if behind else None)


def _position_of(work: Work, key: str, parent: str | None) -> int:
    found = db.session.scalar(sa.select(Item.position).where(Item.work_id == work.id, Item.key == key, below(parent)))
    if found is None:
        raise WrongPlace("What it should stand before has moved. Try again.")
    return found


def step_item(work: Work, item: Item, way: str) -> None:
    """Move an item one step: up, down, in (to the end of the page above it) or out. Raises WrongPlace."""
    STEPS[way](work, item)


def _up(work: Work, item: Item) -> None:
    _swap(work, item, _neighbor(item, back=True), "It is the first already.")


def _down(work: Work, item: Item) -> None:
    _swap(work, item, _neighbor(item, back=False), "It is the last already.")


def _swap(work: Work, item: Item, other: Item | None, sentence: str) -> None:
    if other is None:
        raise WrongPlace(sentence)
    item.position, other.position = other.position, item.position
    work.updated_at = clock.now()


def _in(work: Work, item: Item) -> None:
    above = _neighbor(item, back=True, kind="page")
    if item.kind == "block" or above is None:
        raise WrongPlace("There is no page above it to go into.")
    move_item(work, item, above.key, None)


def _out(work: Work, item: Item) -> None:
    if item.parent_key is None or item.kind == "block":
        raise WrongPlace("It stands at the top already." if item.parent_key is None else "A block belongs to a page.")
    page = db.session.get_one(Item, (work.id, item.parent_key))
    behind = _neighbor(page, back=False)
    move_item(work, item, page.parent_key, behind.key if behind else None)


STEPS: dict[str, Callable[[Work, Item], None]] = {"up": _up, "down": _down, "in": _in, "out": _out}


def _neighbor(item: Item, *, back: bool, kind: str = "") -> Item | None:
    """The sibling before or behind one that the outline shows beside it: blocks stand among blocks."""
    query = sa.select(Item).where(
        Item.work_id == item.work_id,
        below(item.parent_key),
        Item.position < item.position if back else Item.position > item.position,
        Item.kind == "block" if item.kind == "block" else Item.kind != "block",
    )
    if kind:
        query = query.where(Item.kind == kind)
    return db.session.scalar(query.order_by(Item.position.desc() if back else Item.position).limit(1))


def ancestors(work: Work, key: str) -> list[str]:
    """The keys of the pages around an item, the nearest first."""
    around = sa.select(Item.key, Item.parent_key, sa.literal(0).label("far"))
    walk = around.where(Item.work_id == work.id, Item.key == key).cte("around", recursive=True)
    up = sa.select(Item.key, Item.parent_key, walk.c.far + 1).join(walk, Item.key == walk.c.parent_key)
    walk = walk.union_all(up.where(Item.work_id == work.id))
    return list(db.session.scalars(sa.select(walk.c.key).where(walk.c.far > 0).order_by(walk.c.far)))


def subtree(work: Work, key: str) -> sa.CTE:
    """An item and all below it: ``key`` and ``depth``, counted from 0."""
    top = sa.select(Item.key, sa.literal(0).label("depth")).where(Item.work_id == work.id, Item.key == key)
    walk = top.cte("subtree", recursive=True)
    down = sa.select(Item.key, walk.c.depth + 1).join(walk, Item.parent_key == walk.c.key)
    return walk.union_all(down.where(Item.work_id == work.id))


def height_of(work: Work, key: str) -> int:
    """How many levels of pages hang below an item; what can't hold others adds none."""
    walk = subtree(work, key)
    pages = sa.select(sa.func.max(walk.c.depth)).join(Item, Item.key == walk.c.key)
    found: Any = db.session.scalar(pages.where(Item.work_id == work.id, Item.kind == "page"))
    return found or 0
