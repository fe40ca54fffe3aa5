"""Items on their way in: where each was found, and what keeps them from being a work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from storefront.works.kinds import KINDS, TITLE
from storefront.works.models import DEEPEST, LONGEST_ITEM_TITLE
from storefront.works.shapes import Text, faults

KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
MOST_TOLD = 20


class Fault(NamedTuple):
    """What is wrong, and where: ``line 4``, or ``items[3].content.text``."""

    where: str
    sentence: str


class Unreadable(Exception):
    """A file that is no work. ``faults`` are the first things wrong with it; nothing of it was kept."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults[:MOST_TOLD])
        super().__init__(f"{len(faults)} faults, the first: {faults[0]}")


@dataclass(frozen=True)
class Row:
    """An item as a file names it. ``parent`` is the key of another row, ``where`` its place in the file."""

    key: str
    parent: str | None
    kind: str
    title: str
    content: dict[str, Any]
    where: str

    def at(self, path: str) -> str:
        """The place of a field: of a line, the line; of an object, the path."""
        return self.where if self.where.startswith("line") else f"{self.where}.{path}"


def checked(rows: Sequence[Row], there: Mapping[str, str]) -> Sequence[Row]:
    """The rows themselves. ``there`` are kinds by key of what is in the work already, which rows may refer to.

    Raises Unreadable.
    """
    found = list(_faults(rows, {**there, **{row.key: row.kind for row in rows}}))
    if not rows:
        found = [Fault("the file", "There is nothing in it.")]
    if found:
        raise Unreadable(found)
    return rows


def _faults(rows: Sequence[Row], inside: Mapping[str, str]) -> Iterator[Fault]:
    times = Counter(row.key for row in rows)
    by_key = {row.key: row for row in rows}
    for row in rows:
        if not KEY.fullmatch(row.key):
            yield Fault(row.at("key"), "A key has letters, figures, - and _, at most 60.")
        elif times[row.key] > 1:
            yield Fault(row.at("key"), f"The key {row.key} is there {times[row.key]} times.")
        title = Text(LONGEST_ITEM_TITLE) if row.kind == "block" else TITLE
        for path, sentence in faults(row.title, title, "title").items():
            yield Fault(row.at(path), sentence)
        if row.kind not in KINDS:
            yield Fault(row.at("kind"), f"There is no kind {row.kind!r}.")
            continue
        for path, sentence in KINDS[row.kind].faults(row.content, inside).items():
            yield Fault(row.at(f"content.{path}".rstrip(".")), sentence)
        yield from _place_faults(row, by_key)


def _place_faults(row: Row, by_key: Mapping[str, Row]) -> Iterator[Fault]:
    if row.parent is None:
        if row.kind == "block":
            yield Fault(row.at("parent"), "A block belongs to a page.")
        return
    page = by_key.get(row.parent)
    if page is None:
        yield Fault(row.at("parent"), f"There is no item {row.parent} in the file.")
    elif page.kind != "page":
        yield Fault(row.at("parent"), "Only pages hold other items.")
    elif _depth(row, by_key) > DEEPEST:
        yield Fault(row.at("parent"), f"It stands inside itself, or deeper than {DEEPEST} pages.")


def _depth(row: Row, by_key: Mapping[str, Row]) -> int:
    """How many pages it stands in, counted no further than one too many."""
    depth, at = 0, row
    while at.parent is not None and at.parent in by_key and depth <= DEEPEST:
        depth, at = depth + 1, by_key[at.parent]
    return depth
