"""What an editor holds: an item as it is kept, or as somebody typed it, with what is wrong or in conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storefront.works.contents import AnyItem
from storefront.works.kinds import KINDS, TITLE, graphs
from storefront.works.models import LONGEST_ITEM_TITLE, Item
from storefront.works.services import revision_of
from storefront.works.shapes import Faults, Text, faults, one_line, read
from storefront.works.word_diff import Piece, merged, word_diff

REMOVE = re.compile(r"remove:(steps|edges)\.(\d{1,6})")
FIELD_WORDS = {
    "title": "Name",
    "text": "Text",
    "note": "Note",
    "summary": "Summary",
    "voice": "Voice",
    "role": "Role",
    "attribution": "Who said it",
    "language": "Language",
    "label": "Label",
    "example": "Example",
    "traits": "Traits",
}


@dataclass(frozen=True)
class Difference:
    """A field whose two texts differ, theirs and mine, and the way from the one to the other."""

    path: str
    words: str
    theirs: str
    mine: str

    @property
    def pieces(self) -> list[Piece]:
        return word_diff(self.theirs, self.mine)


@dataclass
class Sheet:
    """One editor. ``revision`` is what it began from; ``theirs`` what somebody else kept meanwhile.

    ``unused`` are variables that a prompt's text names no more: their labels and examples stay in the editor, so
    that a name that is typed anew finds them.
    """

    key: str
    kind: str
    title: str
    content: dict[str, Any]
    revision: str
    faults: Faults = field(default_factory=dict)
    theirs: Sheet | None = None
    deed: str = ""
    unused: list[dict[str, str]] = field(default_factory=list)

    @property
    def differences(self) -> list[Difference]:
        """Where what is typed is not what somebody else kept, field by field."""
        if self.theirs is None:
            return []
        mine, theirs = self.texts(), self.theirs.texts()
        return [
            Difference(path, words_for(path), theirs.get(path, ""), mine.get(path, ""))
            for path in dict.fromkeys([*mine, *theirs])
            if mine.get(path, "") != theirs.get(path, "")
        ]

    def texts(self) -> dict[str, str]:
        """Every text in it by its path, the name first."""
        return {"title": self.title, **flat(self.content)}


def as_kept(item: AnyItem) -> Sheet:
    """The editor of an item as it is."""
    return Sheet(item.key, item.kind, item.title, dict(item.content), revision_of(item))


def as_typed(item: Item, form: Mapping[str, str]) -> Sheet:
    """The editor of an item as a form brings it, after the deed it asks for, such as a step more."""
    kind, deed = KINDS[item.kind], form.get("deed", "")
    sheet = Sheet(
        item.key, item.kind, one_line(form.get("title", "")), dict(item.content), form.get("revision", ""), deed=deed
    )
    if item.kind == "file":
        return sheet
    typed = {"type": item.content.get("type", ""), **form}
    content = read(typed, kind.shape(typed))
    sheet.content = after_deed(item.kind, kind.refined(content), deed)
    if item.kind == "prompt":
        named = {each["name"] for each in sheet.content["variables"]}
        sheet.unused = [each for each in content["variables"] if each["name"] not in named]
    return sheet


def after_deed(kind: str, content: dict[str, Any], deed: str) -> dict[str, Any]:
    """The content after a button of its own form was pressed."""
    if kind != "graph":
        return content
    if deed == "add-step":
        return graphs.refined(graphs.with_step(content))
    if deed == "add-edge":
        return graphs.refined(graphs.with_edge(content))
    if found := REMOVE.fullmatch(deed):
        parts = [part for number, part in enumerate(content[found[1]]) if number != int(found[2])]
        return graphs.refined({**content, found[1]: parts})
    return content


def check(sheet: Sheet, inside: Mapping[str, str]) -> Faults:
    """What is wrong with a sheet, noted on it: by the names of its fields."""
    title = Text(LONGEST_ITEM_TITLE) if sheet.kind == "block" else TITLE
    sheet.faults = faults(sheet.title, title, "title") | KINDS[sheet.kind].faults(sheet.content, inside)
    return sheet.faults


def merge(sheet: Sheet, theirs: Sheet) -> Sheet:
    """Both texts in one editor that begins from theirs: nothing is left out, for a person to choose from."""
    content = dict(sheet.content)
    for path, text in flat(sheet.content).items():
        if "." not in path and isinstance(content[path], str):
            content[path] = merged(flat(theirs.content).get(path, ""), text)
    return Sheet(sheet.key, sheet.kind, sheet.title, content, theirs.revision)


def flat(value: Any, path: str = "") -> dict[str, str]:
    """Every text in a content by its path; a list of texts is one, a line each."""
    if isinstance(value, str):
        return {path: value}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return {path: "\n".join(value)}
    if isinstance(value, list):
        return {
            name: text for number, each in enumerate(value) for name, text in flat(each, f"{path}.{number}").items()
        }
    if isinstance(value, Mapping):
        return {
            deep: text
            for name, each in value.items()
            for deep, text in flat(each, f"{path}.{name}" if path else name).items()
        }
    return {path: str(value)}


def words_for(path: str) -> str:
    """A field's name as people read it: ``steps.0.note`` is ``Step 1, note``."""
    parts = path.split(".")
    last = FIELD_WORDS.get(parts[-1], parts[-1].capitalize())
    if len(parts) < 3:
        return last
    noun = parts[0].removesuffix("s").capitalize()
    return f"{noun} {int(parts[1]) + 1}, {last.lower()}"
