"""The outline of a work: its items by title, without what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.works.models import Item, Work

ICONS = {
    "prompt": "message-square-text",
    "graph": "workflow",
    "character": "user-round",
    "relationship": "users-round",
    "page": "book-open",
    "block": "text",
    "file": "file-text",
}


@dataclass
class Entry:
    """One item in the outline."""

    key: str
    kind: str
    title: str
    parent: Entry | None = None
    children: list[Entry] = field(default_factory=list)

    @property
    def page(self) -> Entry:
        """The entry whose page shows this one: a block stands on its parent's."""
        return self.parent if self.kind == "block" and self.parent and self.parent.kind == "page" else self

    @property
    def trail(self) -> list[Entry]:
        """The groups it stands in, outermost first."""
        return [*self.parent.trail, self.parent] if self.parent else []

    @property
    def members(self) -> list[Entry]:
        """The children that have a page of their own."""
        return [child for child in self.children if child.page is child]

    @property
    def size(self) -> int:
        """How many pages stand below it."""
        return sum(1 + child.size for child in self.members)


@dataclass(frozen=True)
class Branch:
    """An entry as the tree shows it."""

    title: str
    href: str
    icon: str
    current: bool = False
    count: int = 0
    children: tuple[Branch, ...] = ()


class Outline:
    """All items of a work by title, in their order."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = {entry.key: entry for entry in entries}
        self.roots = [entry for entry in entries if entry.parent is None]
        self.pages = list(_walk(self.roots))

    def get(self, key: str) -> Entry | None:
        return self.entries.get(key)

    def beside(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """The pages before and after one, as one reads down the outline."""
        at = self.pages.index(entry)
        after = self.pages[at + 1] if at + 1 < len(self.pages) else None
        return (self.pages[at - 1] if at else None), after

    def find(self, text: str) -> list[Entry]:
        """Entries whose title holds every word of ``text``, in whichever case."""
        words = text.casefold().split()
        entries = self.entries.values()
        return [entry for entry in entries if all(word in entry.title.casefold() for word in words)]

    def branches(self, at: Entry | None, href: Callable[[Entry], str], find: str = "") -> list[Branch]:
        """The tree with the group of ``at`` open; with ``find``, only what is found, without the groups."""
        if find.strip():
            return [Branch(each.title, href(each), ICONS[each.kind], each is at) for each in self.find(find)]
        opened = [*at.trail, at] if at else []
        return [self._branch(root, opened, href) for root in self.roots]

    def _branch(self, entry: Entry, opened: list[Entry], href: Callable[[Entry], str]) -> Branch:
        at = bool(opened) and entry is opened[-1]
        if not entry.members:
            return Branch(entry.title, href(entry), ICONS[entry.kind], at)
        if entry not in opened:
            return Branch(entry.title, href(entry), "chevron-right", at, entry.size)
        children = tuple(self._branch(child, opened, href) for child in entry.members)
        return Branch(entry.title, href(entry), "chevron-down", at, entry.size, children)


def outline_of(work: Work) -> Outline:
    """The outline of a work; reads no contents, so a large work opens as quickly as a small one."""
    titles = sa.select(Item.key, Item.kind, Item.title, Item.parent_key).where(Item.work_id == work.id)
    rows = db.session.execute(titles.order_by(Item.position)).all()
    entries = {row.key: Entry(row.key, row.kind, row.title) for row in rows}
    for row in rows:
        if row.parent_key is not None:
            parent = entries[row.key].parent = entries[row.parent_key]
            parent.children.append(entries[row.key])
    return Outline(list(entries.values()))


def _walk(entries: list[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _walk(entry.members)
