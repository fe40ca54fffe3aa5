"""The demo's people and works, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = Mapping[str, Any]


def people() -> list[dict[str, Any]]:
    """The cast: handle, name, email, plan, operator, and for creators role and about."""
    found: list[dict[str, Any]] = _read(FOLDER / "people.toml")["people"]
    return found


def works() -> Iterator[dict[str, Any]]:
    """Every work with its listing, versions and items, the longest published first."""
    yield from sorted(map(_read, (FOLDER / "works").glob("*.toml")), key=lambda work: -work["published_days_ago"])


def items_of(work: Row, version: int) -> list[dict[str, Any]]:
    """The items as they were in a version: those it had, with the content they had, in their order."""
    present = [item for item in work["items"] if item.get("since", 1) <= version]
    return [
        {
            "key": item["key"],
            "parent_key": item.get("parent") or None,
            "position": position,
            "kind": item["kind"],
            "title": item["title"],
            "content": content_of(item, version),
        }
        for position, item in enumerate(present)
    ]


def content_of(item: Row, version: int) -> dict[str, Any]:
    """An item's content in a version. ``before`` holds, by number, the last version that had it otherwise."""
    earlier = {int(number): content for number, content in item.get("before", {}).items()}
    last = min((number for number in earlier if number >= version), default=None)
    found: dict[str, Any] = item["content"] if last is None else earlier[last]
    return found


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
