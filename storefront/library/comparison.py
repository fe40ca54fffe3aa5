"""A clone and its origin, three ways: the origin as it was when last answered, as it is now, and the clone.

Items are found again by their keys. The database says which differ and how; contents are read for the shown page only.
An item's base is the version it was cloned from, or the one whose change was last taken or turned down for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.kit.db import db
from storefront.kit.paging import Page, decode, encode
from storefront.library.models import Clone, Update, UpdateItem
from storefront.works.changes import FieldChange, field_changes
from storefront.works.kinds import WORDS
from storefront.works.models import Item, Version, VersionItem

PAGE = 20  # changes shown at once; each may carry three texts of a megabyte
COMPARED = ("parent_key", "kind", "title", "content")
MINE = "mine"
Then = aliased(VersionItem)
Now = aliased(VersionItem)


@dataclass(frozen=True)
class Change:
    """An item that differs. ``what`` is added, removed or changed (by them), conflict (by both) or mine.

    ``theirs`` is the way from then to now, ``ours`` the way from then to the clone. ``moved`` says that it stands
    below another page.
    """

    what: str
    key: str
    kind: str
    title: str
    moved: bool
    gone: bool
    theirs: list[FieldChange]
    ours: list[FieldChange]

    @property
    def kind_word(self) -> str:
        return WORDS[self.kind]


def differing(clone: Clone, version: Version) -> sa.Subquery:
    """Every key whose item in the clone is not that of ``version``: ``key``, ``what``, ``position``."""
    keys = _keys(clone, version).subquery()
    answered = _answered(clone).subquery()
    theirs, mine, apart = differ(Then, Now), differ(Then, Item), differ(Item, Now)
    what = sa.case(
        (sa.not_(theirs), MINE),
        (mine, "conflict"),
        (Then.key.is_(None), "added"),
        (Now.key.is_(None), "removed"),
        else_="changed",
    )
    position = sa.func.coalesce(Now.position, Then.position, Item.position)
    base = sa.func.coalesce(answered.c.version_id, clone.version_id)
    return (
        sa.select(keys.c.key, what.label("what"), position.label("position"))
        .select_from(keys)
        .outerjoin(answered, answered.c.key == keys.c.key)
        .outerjoin(Then, sa.and_(Then.version_id == base, Then.key == keys.c.key))
        .outerjoin(Now, sa.and_(Now.version_id == version.id, Now.key == keys.c.key))
        .outerjoin(Item, sa.and_(Item.work_id == clone.work_id, Item.key == keys.c.key))
        .where(apart)
        .subquery()
    )


def offered(clone: Clone, version: Version) -> sa.Select[Any]:
    """The keys of what their side changed and nobody answered yet."""
    found = differing(clone, version)
    return sa.select(found.c.key).where(found.c.what != MINE)


def counts(clone: Clone, version: Version) -> dict[str, int]:
    """How many items differ in which way."""
    found = differing(clone, version)
    rows = db.session.execute(sa.select(found.c.what, sa.func.count()).group_by(found.c.what))
    return {row[0]: row[1] for row in rows}


def changes(clone: Clone, version: Version, *, mine: bool, after: str | None = None) -> Page[Change]:
    """A page of what they changed, or with ``mine`` of what only the holder did. Raises BadRequest for a bad cursor."""
    found = differing(clone, version)
    query = sa.select(found).where(found.c.what == MINE if mine else found.c.what != MINE)
    if after:
        position, key = decode(after, int, str)
        query = query.where(sa.tuple_(found.c.position, found.c.key) > sa.tuple_(position, key))
    rows = db.session.execute(query.order_by(found.c.position, found.c.key).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    said = _contents(clone, version, [row.key for row in shown])
    last = shown[-1] if len(rows) > PAGE else None
    return Page([_change(row.what, said[row.key]) for row in shown], encode(last.position, last.key) if last else None)


def _keys(clone: Clone, version: Version) -> sa.CompoundSelect[Any]:
    of_versions = sa.select(VersionItem.key).where(VersionItem.version_id.in_((clone.version_id, version.id)))
    return sa.union(of_versions, sa.select(Item.key).where(Item.work_id == clone.work_id))


def _answered(clone: Clone) -> sa.Select[str, int]:
    """For every key the version whose change was answered last; versions of one work get rising ids."""
    return (
        sa.select(UpdateItem.key, sa.func.max(Update.version_id).label("version_id"))
        .join(Update, Update.id == UpdateItem.update_id)
        .where(Update.work_id == clone.work_id, Update.undone_at.is_(None))
        .group_by(UpdateItem.key)
    )


def differ(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """Whether two items say different things, or only one of them is there. Their places in a row don't count."""
    there = sa.or_(
        sa.and_(one.key.is_(None), other.key.is_not(None)), sa.and_(one.key.is_not(None), other.key.is_(None))
    )
    said = [getattr(one, name).is_distinct_from(getattr(other, name)) for name in COMPARED[:-1]]
    return sa.or_(there, *said, sa.func.coalesce(one.content != other.content, sa.false()))


def _contents(clone: Clone, version: Version, keys: list[str]) -> dict[str, dict[str, Any]]:
    """The three items of each key, None where there is none."""
    rows = db.session.execute(_answered(clone).where(UpdateItem.key.in_(keys)))
    answered: dict[str, int] = {row.key: row.version_id for row in rows}
    sides: dict[str, sa.Select[Any]] = {
        "then": sa.select(Then).where(
            sa.tuple_(Then.version_id, Then.key).in_([(answered.get(key, clone.version_id), key) for key in keys])
        ),
        "now": sa.select(Now).where(Now.version_id == version.id, Now.key.in_(keys)),
        "mine": sa.select(Item).where(Item.work_id == clone.work_id, Item.key.in_(keys)),
    }
    found: dict[str, dict[str, Any]] = {key: {} for key in keys}
    for side, query in sides.items():
        for item in db.session.scalars(query):
            found[item.key][side] = item
    return found


def _change(what: str, sides: Mapping[str, Any]) -> Change:
    then, now, mine = (sides.get(side) for side in ("then", "now", "mine"))
    shown = now or then or mine
    assert shown is not None
    other = mine if what == MINE else now
    moved = bool(then and other and then.parent_key != other.parent_key)
    theirs = field_changes(then, now) if what != MINE else []
    ours = field_changes(then, mine) if what in ("conflict", MINE) else []
    return Change(what, shown.key, shown.kind, shown.title, moved, mine is None, theirs, ours)
