"""Markdown as a work: headings become pages, what stands below them their blocks, prompts prompts.

The highest level of heading that a text uses begins a page; lower ones are headings on it. A fence that says
``prompt``, and after it perhaps a name, is a prompt beside the page's blocks. Quotes and other fences are blocks of
their own, all the rest is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from storefront.kit.ids import token
from storefront.works.kinds import prompts
from storefront.works.portable.rows import Fault, Row, Unreadable
from storefront.works.shapes import one_line

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
QUOTE_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
SAID_BY = re.compile(r"\n(?:—|--) ?(?P<who>[^\n]+)$")


@dataclass
class _Reader:
    """What was read so far: the page one is on, its last heading, and text that waits for its end."""

    lines: list[str]
    untitled: str
    rows: list[Row] = field(default_factory=list)
    page: Row | None = None
    heading: str = ""
    text: list[str] = field(default_factory=list)
    text_from: int = 0
    prompts: int = 0

    def begin_page(self, title: str, line: int) -> None:
        self.end_text()
        self.heading = title
        self.page = self._add("page", title, {"summary": ""}, line, parent=None)

    def add(self, kind: str, title: str, content: dict[str, Any], line: int) -> None:
        """An item on the page, which is begun if there is none yet."""
        self.end_text()
        if self.page is None:
            self.begin_page(self.untitled, line)
        assert self.page is not None
        self._add(kind, title, content, line, parent=self.page.key)

    def _add(self, kind: str, title: str, content: dict[str, Any], line: int, parent: str | None) -> Row:
        row = Row(token(12).lower(), parent, kind, title, content, f"line {line + 1}")
        self.rows.append(row)
        return row

    def add_text(self, text: str, line: int) -> None:
        if not self.text:
            self.text_from = line
        self.text.append(text)

    def end_text(self) -> None:
        """What was gathered is one block of text."""
        text, self.text = "\n\n".join(self.text), []
        if text:
            self.add("block", "", {"type": "text", "text": text}, self.text_from)

    def source(self, start: int, end: int) -> str:
        return "\n".join(self.lines[start:end]).strip("\n")


def from_markdown(text: str, untitled: str = "Imported") -> list[Row]:
    """The items of a text. ``untitled`` names the page of what stands before the first heading.

    Raises Unreadable for a fence that is never closed.
    """
    tokens = MARKDOWN.parse(text)
    levels = [each.tag for each in tokens if each.type == "heading_open" and each.level == 0]
    reader = _Reader(text.split("\n"), one_line(untitled) or "Imported")
    for block, inside in _blocks(tokens):
        _read(reader, block, inside, page_level=min(levels, default=""))
    reader.end_text()
    return reader.rows


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token | None]]:
    """The outermost blocks, each with the token after it, which holds a heading's words."""
    for number, each in enumerate(tokens):
        if each.level == 0 and each.map is not None and each.nesting >= 0:
            yield each, tokens[number + 1] if number + 1 < len(tokens) else None


def _read(reader: _Reader, block: Token, inside: Token | None, *, page_level: str) -> None:
    assert block.map is not None
    start, end = block.map
    if block.type == "heading_open":
        title = one_line(inside.content if inside else "")
        if block.tag == page_level:
            reader.begin_page(title, start)
        else:
            reader.add("block", title[:200], {"type": "heading", "text": title}, start)
            reader.heading = title
    elif block.type == "fence":
        _read_fence(reader, block, start, end)
    elif block.type == "code_block":
        reader.add("block", "", {"type": "code", "text": block.content.rstrip("\n")}, start)
    elif block.type == "blockquote_open":
        reader.add("block", "", _quote(reader.source(start, end)), start)
    elif block.type != "hr":
        reader.add_text(reader.source(start, end), start)


def _read_fence(reader: _Reader, block: Token, start: int, end: int) -> None:
    if end - start < 2 or not reader.lines[end - 1].strip().startswith(block.markup):
        raise Unreadable([Fault(f"line {start + 1}", "This fence is never closed.")])
    language, _, rest = block.info.strip().partition(" ")
    text = block.content.removesuffix("\n")
    if language != "prompt":
        code = {"type": "code", "text": text, "language": language}
        reader.add("block", "", {name: value for name, value in code.items() if value or name != "language"}, start)
        return
    reader.prompts += 1
    title = one_line(rest) or reader.heading or f"Prompt {reader.prompts}"
    content = prompts.refined({"text": text, "variables": [], "note": ""})
    reader.add("prompt", title, content, start)


def _quote(source: str) -> dict[str, Any]:
    text = QUOTE_MARK.sub("", source).strip()
    found = SAID_BY.search(text)
    if found is None:
        return {"type": "quote", "text": text}
    return {"type": "quote", "text": text[: found.start()].strip(), "attribution": one_line(found["who"])}
