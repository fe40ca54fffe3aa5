"""What waits for a creator, read from the newest of their listings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storefront.selling.table import Row

MOST = 5


@dataclass(frozen=True)
class Todo:
    """Something to do about a listing: what is, what it means, and the words of the link that leads there."""

    icon: str
    title: str
    meaning: str
    link: str
    listing_id: int


def todos_of(rows: Sequence[Row]) -> list[Todo]:
    """The gravest first, five at most. A viewer has nothing to do."""
    mine = [row for row in rows if row.may_edit]
    found = [todo for kind in (_suspended, _behind, _pending, _drafts) for todo in kind(mine)]
    return found[:MOST]


def _suspended(rows: Sequence[Row]) -> Iterator[Todo]:
    for row in rows:
        if row.listing.state == "suspended":
            reason = row.listing.suspended_reason
            yield Todo("circle-slash", f"{row.title} is suspended", reason, "See the listing", row.listing.id)


def _behind(rows: Sequence[Row]) -> Iterator[Todo]:
    for row in rows:
        if row.listing.state == "published" and row.is_behind:
            meaning = f"The catalog gives version {row.listing.number}. Version {row.listing.latest} is newer."
            yield Todo("refresh-cw", f"{row.title} has a newer version", meaning, "Publish it", row.listing.id)


def _pending(rows: Sequence[Row]) -> Iterator[Todo]:
    for row in rows:
        if row.listing.state == "published" and row.listing.is_pending:
            meaning = "You typed something that the catalog does not show yet."
            yield Todo("pencil", f"{row.title} has changes", meaning, "Look at them", row.listing.id)


def _drafts(rows: Sequence[Row]) -> Iterator[Todo]:
    for row in rows:
        if row.listing.state == "draft":
            meaning = "A list says what is missing before it can be published."
            yield Todo("file-text", f"{row.title} is a draft", meaning, "See what is missing", row.listing.id)
