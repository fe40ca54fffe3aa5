"""The outline of a work: its items by title, without what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from storefront.kit.db import db
from storefront.works.contents import Contents
from storefront.works.kinds import ICONS, KINDS

MOST_FOUND = 100
SHOWN_BESIDE = 40  # entries of one group that the tree shows before and behind the open one


@dataclass(eq=False, slots=True)
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
    """An entry as the tree shows it. ``key`` and ``holds`` (whether others can go into it) are for moving it."""

    title: str
    href: str
    icon: str
    key: str = ""
    holds: bool = False
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
        """The tree with the group of ``at`` open; with ``find``, only what is found, without the groups.

        Of a long list it shows what is around the open entry, and how many more there are.
        """
        if find.strip():
            found = self.find(find)
            more = [Branch(f"{len(found) - MOST_FOUND:,} more", "", "ellipsis")] if len(found) > MOST_FOUND else []
            return [self._leaf(each, href, at) for each in found[:MOST_FOUND]] + more
        opened = [*at.trail, at] if at else []
        return self._branches(self.roots, opened, href)

    def _branches(self, entries: list[Entry], opened: list[Entry], href: Callable[[Entry], str]) -> list[Branch]:
        here = next((number for number, entry in enumerate(entries) if entry in opened), 0)
        first, end = max(0, here - SHOWN_BESIDE), min(len(entries), here + SHOWN_BESIDE + 1)
        before = [Branch(f"{first:,} before", href(entries[first - 1]), "ellipsis")] if first else []
        behind = [Branch(f"{len(entries) - end:,} more", href(entries[end]), "ellipsis")] if end < len(entries) else []
        return [*before, *(self._branch(entry, opened, href) for entry in entries[first:end]), *behind]

    def _branch(self, entry: Entry, opened: list[Entry], href: Callable[[Entry], str]) -> Branch:
        at = opened[-1] if opened else None
        members = entry.members
        if not members:
            return self._leaf(entry, href, at)
        is_open = entry in opened
        children = tuple(self._branches(members, opened, href)) if is_open else ()
        icon = "chevron-down" if is_open else "chevron-right"
        return Branch(entry.title, href(entry), icon, entry.key, True, entry is at, entry.size, children)

    def _leaf(self, entry: Entry, href: Callable[[Entry], str], at: Entry | None) -> Branch:
        return Branch(
            entry.title or KINDS[entry.kind].word, href(entry), ICONS[entry.kind], entry.key,
            entry.kind == "page", entry is at,
        )  # fmt: skip


def outline_of(contents: Contents) -> Outline:
    """The outline of a work; reads no contents, so a large work opens as quickly as a small one."""
    table = contents.table
    titles = contents.columns("key", "kind", "title", "parent_key").order_by(table.position, table.key)
    rows = db.session.execute(titles).all()
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
