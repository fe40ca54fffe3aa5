"""A person's prompts as a file, written as it is read: JSON, CSV or Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from storefront.kit.spreadsheets import line, plain

COLUMNS = ("title", "text", "note", "work", "saved_at")
BACKTICKS = re.compile("`{3,}")

Rows = Iterable[Sequence[Any]]


class Format(NamedTuple):
    """A way to write prompts: the content type, and the lines for the rows."""

    content_type: str
    write: Callable[[Rows], Iterator[str]]


def as_json(rows: Rows) -> Iterator[str]:
    """One object with the prompts in a list, a line each."""
    yield '{"format": "storefront.prompts", "version": 1, "prompts": ['
    for number, row in enumerate(rows):
        prompt = dict(zip(COLUMNS, (*row[:-1], _moment(row)), strict=True))
        yield f"{',' if number else ''}\n{json.dumps(prompt, ensure_ascii=False)}"
    yield "\n]}\n"


def as_csv(rows: Rows) -> Iterator[str]:
    """RFC 4180, with a header."""
    yield line(COLUMNS)
    for row in rows:
        yield line([*map(plain, row[:-1]), _moment(row)])


def as_markdown(rows: Rows) -> Iterator[str]:
    """A heading and a fence for each prompt, as the studio's import reads them."""
    yield "# Saved prompts\n"
    for title, text, note, work, _saved_at in rows:
        fence = "`" * max([3, *(len(found[0]) + 1 for found in BACKTICKS.finditer(text))])
        yield f"\n## {_one_line(title)}\n\nFrom {_one_line(work)}.\n"
        yield f"\n{note}\n" if note else ""
        yield f"\n{fence}prompt {_one_line(title)}\n{text}\n{fence}\n"


FORMATS = {
    "json": Format("application/json; charset=utf-8", as_json),
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "md": Format("text/markdown; charset=utf-8", as_markdown),
}


def _moment(row: Sequence[Any]) -> str:
    moment: str = row[-1].isoformat(timespec="seconds")
    return moment


def _one_line(text: str) -> str:
    """Text that can't begin a line, or a fence, of its own."""
    return " ".join(text.replace("`", "'").split())
