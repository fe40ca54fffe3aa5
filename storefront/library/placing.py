"""Where items stand after an update: their order among siblings, and that the pages still make a tree.

Orders are worked out here, from keys and positions alone; the database is then told the positions that change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.works.contents import Contents, published
from storefront.works.models import DEEPEST, MOST_ITEMS, Item, Version, Work
from storefront.works.services.places import WorkFull, WrongPlace


class Place(NamedTuple):
    parent: str | None
    position: int


Places: TypeAlias = Mapping[str, Place]


def positions_of(work_id: int) -> Places:
    """Where every item of a work stands, in their order."""
    return _places(Contents(Item, Item.work_id == work_id))


def place(work_id: int, before: Places, version: Version, taken: set[str]) -> dict[str, int]:
    """Put what was taken where it stands in ``version``, behind the sibling that is before it there, if it is here.

    What stood below the same page ``before`` keeps its place. Returns the positions that others had to give up.
    """
    now = positions_of(work_id)
    came = {key for key in taken & now.keys() if key not in before or before[key].parent != now[key].parent}
    siblings: dict[str | None, list[str]] = defaultdict(list)
    for key in sorted(now.keys() - came, key=lambda key: (before[key].position, key)):
        siblings[now[key].parent].append(key)
    behind: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    last: dict[str | None, str] = {}
    for key, there in _places(published(version)).items():
        if key in came:
            behind[there.parent, last.get(there.parent)].append(key)
        elif key in now and now[key].parent == there.parent:
            last[there.parent] = key
    wanted = {key: before[key].position for key in taken & now.keys() - came}
    for parent in {now[key].parent for key in came}:
        row = [*behind[parent, None], *(each for key in siblings[parent] for each in (key, *behind[parent, key]))]
        wanted |= {key: number for number, key in enumerate(row)}
    _write(work_id, {key: position for key, position in wanted.items() if position != now[key].position})
    moved = wanted.keys() & before.keys() - came
    return {key: before[key].position for key in moved if before[key].position != wanted[key]}


def put_back_positions(work_id: int, positions: Mapping[str, int]) -> None:
    """Give items the positions they had; where two of a page then have the same, its items are counted anew."""
    now = positions_of(work_id)
    rows: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for key, here in now.items():
        rows[here.parent].append((positions.get(key, here.position), key))
    wanted = {}
    for row in rows.values():
        tied = len({position for position, _key in row}) < len(row)
        for number, (position, key) in enumerate(sorted(row)):
            wanted[key] = number if tied else position
    _write(work_id, {key: position for key, position in wanted.items() if position != now[key].position})


def check_tree(work: Work) -> None:
    """Raises WrongPlace unless every item can be reached from the top, WorkFull if there are too many."""
    top = sa.select(Item.key, sa.literal(0).label("depth")).where(Item.work_id == work.id, Item.parent_key.is_(None))
    tree = top.cte("tree", recursive=True)
    down = sa.select(Item.key, tree.c.depth + 1).join(tree, Item.parent_key == tree.c.key)
    tree = tree.union_all(down.where(Item.work_id == work.id))
    count = sa.select(sa.func.count()).select_from(Item).where(Item.work_id == work.id).scalar_subquery()
    reached, deepest, items = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(tree.c.depth), count).select_from(tree)
    ).one()
    if reached != items:
        raise WrongPlace("Some of these items would stand on a page that is gone, or inside themselves.")
    if (deepest or 0) > DEEPEST:
        raise WrongPlace(f"Pages go {DEEPEST} deep, not deeper. Make room above what you want to take.")
    if items > MOST_ITEMS:
        raise WorkFull


def _places(contents: Contents) -> dict[str, Place]:
    rows = contents.columns("key", "parent_key", "position").order_by(contents.table.position, contents.table.key)
    return {row.key: Place(row.parent_key, row.position) for row in db.session.execute(rows)}


def _write(work_id: int, positions: Mapping[str, int]) -> None:
    rows = [{"work_id": work_id, "key": key, "position": position} for key, position in positions.items()]
    if rows:
        db.session.execute(sa.update(Item), rows)
