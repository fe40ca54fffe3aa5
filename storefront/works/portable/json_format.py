"""The JSON that export gives and import takes: one object with the items in their order."""

from __future__ import annotations

import json
from typing import Any

from storefront.works.contents import AnyItem, Contents
from storefront.works.models import Work
from storefront.works.outline import Entry, outline_of
from storefront.works.portable.rows import Fault, Row, Unreadable

FORMAT, VERSION = "storefront.work", 1


def exported(work: Work, contents: Contents) -> dict[str, Any]:
    """A work with all its items, parents first, in the order of the outline."""
    items = {item.key: item for item in contents.all()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": work.kind,
        "title": work.title,
        "items": [_as_object(items[entry.key]) for entry in _in_order(outline_of(contents).roots)],
    }


def _in_order(entries: list[Entry]) -> list[Entry]:
    return [found for entry in entries for found in (entry, *_in_order(entry.children))]


def _as_object(item: AnyItem) -> dict[str, Any]:
    return {
        "key": item.key, "parent": item.parent_key, "kind": item.kind, "title": item.title, "content": item.content,
    }  # fmt: skip


def from_json(text: str) -> list[Row]:
    """The items of an exported work. Raises Unreadable for what is no JSON, or not of this format."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable([Fault(f"line {error.lineno}", f"This is not JSON: {error.msg}.")]) from None
    except RecursionError:
        raise Unreadable([Fault("the file", "Its lists and objects are nested too deep.")]) from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise Unreadable([Fault("format", f"An exported work says “format”: “{FORMAT}”.")])
    if whole.get("version") != VERSION:
        raise Unreadable([Fault("version", f"This shop reads version {VERSION} of the format.")])
    items = whole.get("items")
    if not isinstance(items, list):
        raise Unreadable([Fault("items", "This should be a list.")])
    return [_row(item, f"items[{number}]") for number, item in enumerate(items)]


def _row(item: Any, where: str) -> Row:
    if not isinstance(item, dict):
        raise Unreadable([Fault(where, "This should be an object.")])
    for name in ("key", "kind", "title"):
        if not isinstance(item.get(name), str):
            raise Unreadable([Fault(f"{where}.{name}", "This should be text.")])
    parent = item.get("parent")
    if parent is not None and not isinstance(parent, str):
        raise Unreadable([Fault(f"{where}.parent", "This should be the key of a page, or null.")])
    if not isinstance(item.get("content"), dict):
        raise Unreadable([Fault(f"{where}.content", "This should be an object.")])
    return Row(item["key"], parent, item["kind"], item["title"], item["content"], where)
