"""What differs between two states of a work, item by item: two versions, or a version and the work as it stands.

The database finds the items that differ; only those are read. A long list comes in pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.works.contents import AnyItem, Contents
from storefront.works.kinds import WORDS
from storefront.works.sheets import flat, words_for
from storefront.works.word_diff import Piece, word_diff

PAGE = 40  # changes shown at once
SEEN = ("key", "parent_key", "position", "kind", "title", "content")


@dataclass(frozen=True)
class FieldChange:
    """A field of an item that differs, with the way from before to after in words."""

    words: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Change:
    """An item that was ``added``, ``removed`` or ``changed``; ``moved`` says that it stands below another page."""

    what: str
    key: str
    kind: str
    title: str
    moved: bool = False
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def kind_word(self) -> str:
        return WORDS[self.kind]


@dataclass(frozen=True)
class Changes:
    """A page of changes; ``reordered`` names the pages whose items come in another order, "" for the top."""

    shown: list[Change]
    reordered: list[str]
    next: int | None


def changes_between(before: Contents, after: Contents, start: int = 0) -> Changes:
    """What one has to do to ``before`` to get ``after``, from the change number ``start``, counted from 0."""
    rows = db.session.execute(_differing(before, after).offset(start).limit(PAGE + 1)).mappings().all()
    found = [_change(row) for row in rows[:PAGE]]
    shown = [change for change in found if change.what != "changed" or change.moved or change.fields]
    reordered = _reordered(before, after) if start == 0 else []
    return Changes(shown, reordered, start + PAGE if len(rows) > PAGE else None)


def _differing(before: Contents, after: Contents) -> sa.Select[Any]:
    one, other = (each.columns(*SEEN).subquery() for each in (before, after))
    differs = sa.or_(
        other.c.key.is_(None),
        one.c.title != other.c.title,
        one.c.parent_key.is_distinct_from(other.c.parent_key),
        one.c.content != other.c.content,
    )
    columns = [
        *(side.c[name].label(f"{when}_{name}") for when, side in (("old", one), ("new", other)) for name in SEEN),
        sa.func.coalesce(other.c.position, one.c.position).label("place"),
    ]
    # Not a full join: for that SQLite looks through all of one side for every row of the other.
    kept = sa.select(*columns).select_from(one.outerjoin(other, one.c.key == other.c.key)).where(differs)
    added = sa.select(*columns).select_from(other.outerjoin(one, one.c.key == other.c.key)).where(one.c.key.is_(None))
    both = sa.union_all(kept, added).subquery()
    return sa.select(both).order_by(both.c.place, both.c.old_key, both.c.new_key)


def _change(row: Mapping[Any, Any]) -> Change:
    there = "new" if row["new_key"] is not None else "old"
    if row["old_key"] is None or row["new_key"] is None:
        what = "added" if there == "new" else "removed"
        fields = _fields({}, _said(row, "new")) if there == "new" else _fields(_said(row, "old"), {})
        moved = False
    else:
        what, moved = "changed", row["old_parent_key"] != row["new_parent_key"]
        fields = _fields(_said(row, "old"), _said(row, "new"))
    return Change(what, row[f"{there}_key"], row[f"{there}_kind"], row[f"{there}_title"], moved, fields)


def _said(row: Mapping[Any, Any], when: str) -> dict[str, str]:
    return {"title": row[f"{when}_title"], **flat(row[f"{when}_content"])}


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    return [
        FieldChange(words_for(path), word_diff(before.get(path, ""), after.get(path, "")))
        for path in dict.fromkeys([*before, *after])
        if before.get(path, "") != after.get(path, "")
    ]


def field_changes(before: AnyItem | None, after: AnyItem | None) -> list[FieldChange]:
    """The fields in which two states of one item differ; one that is not there says nothing."""
    one, other = ({"title": each.title, **flat(each.content)} if each else {} for each in (before, after))
    return _fields(one, other)


def _reordered(before: Contents, after: Contents) -> list[str]:
    """The keys of pages whose items, as far as both have them, come in another order."""
    one, other = _orders(before), _orders(after)
    found = []
    for parent in one.keys() & other.keys():
        kept = set(one[parent]) & set(other[parent])
        if [key for key in one[parent] if key in kept] != [key for key in other[parent] if key in kept]:
            found.append(parent)
    return sorted(found)


def _orders(contents: Contents) -> dict[str, list[str]]:
    """The keys below every page in their order."""
    rows = contents.columns("key", "parent_key").order_by(contents.table.position, contents.table.key)
    orders: dict[str, list[str]] = {}
    for key, parent in db.session.execute(rows):
        orders.setdefault(parent or "", []).append(key)
    return orders
