"""The demo's TOML files as tests read them: past the loader, so that what it overlooks is seen."""

import re
import tomllib
from pathlib import Path
from typing import Any

DEMO = Path(__file__).parents[2] / "storefront" / "demo"
Work = dict[str, Any]
Item = dict[str, Any]


def read_toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


WORKS: list[Work] = [read_toml(path) for path in sorted((DEMO / "works").glob("*.toml"))]
PEOPLE: list[dict[str, Any]] = read_toml(DEMO / "people.toml")["people"]


def of_kind(work: Work, kind: str) -> list[Item]:
    return [item for item in work["items"] if item["kind"] == kind]


def contents(item: Item) -> list[dict[str, Any]]:
    """The content of an item as it is now and as it was in each earlier version that had it otherwise."""
    return [item["content"], *item.get("before", {}).values()]


def snapshots(work: Work) -> list[list[Item]]:
    """The items of each version, first version first: those added by then, with the content they had then.

    `before.N` is what an item said up to version N, so the smallest N not below the version wins.
    """
    return [
        [content_at(item, version["number"]) for item in work["items"] if item.get("since", 1) <= version["number"]]
        for version in work["versions"]
    ]


def content_at(item: Item, number: int) -> Item:
    earlier = sorted(int(until) for until in item.get("before", {}) if int(until) >= number)
    return {**item, "content": item["before"][str(earlier[0])] if earlier else item["content"]}


def depth(work: Work) -> int:
    """How many levels the tree of a work has."""
    levels = {"": 0}
    for item in work["items"]:
        levels[item["key"]] = levels[item.get("parent", "")] + 1
    return max(levels.values())


def prose(kind: str, content: dict[str, Any]) -> str:
    """All the sentences of an item of this kind and content."""
    match kind:
        case "graph":
            return " ".join(f"{step['title']}. {step.get('note', '')}" for step in content["steps"])
        case "character":
            return " ".join([content["role"], content["summary"], content["voice"], *content["traits"]])
        case "page" | "relationship":
            return str(content.get("summary", ""))
        case _:
            return str(content.get("text", ""))


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’-]+", text.lower())
