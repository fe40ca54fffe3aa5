"""What changed from one text to another, word by word, and both in one.

difflib compares lines first and words only within lines that differ, because its time grows with the square
of what it is given; a passage too long for words is shown as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_LINES = 4000  # of either text; more is one passage
MOST_WORDS = 600  # of a passage that is compared by words
TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of text: ``sign`` is ``+`` for what came, ``-`` for what went, blank for what stayed."""

    sign: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The way from one text to the other. The pieces without ``+`` are the one, without ``-`` the other."""
    return list(_joined(_pieces(before, after)))


def merged(theirs: str, mine: str) -> str:
    """Both texts in one: what they share once, and where they differ theirs, then mine, on lines of their own."""
    out: list[str] = []
    for tag, one, other in _line_passages(theirs, mine):
        if one and tag != "equal" and other and not one.endswith("\n"):
            one += "\n"
        out.append(one if tag == "equal" else one + other)
    return "".join(out)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    for tag, one, other in _line_passages(before, after):
        if tag == "equal":
            yield Piece(" ", one)
        else:
            yield from _word_pieces(one, other)


def _line_passages(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    """Passages of whole lines: whether they are equal, the one text's and the other's."""
    ones, others = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(ones), len(others)) > MOST_LINES:
        yield ("equal" if before == after else "replace"), before, after
        return
    for tag, a, b, c, d in SequenceMatcher(None, ones, others, autojunk=False).get_opcodes():
        yield tag, "".join(ones[a:b]), "".join(others[c:d])


def _word_pieces(before: str, after: str) -> Iterator[Piece]:
    ones, others = TOKENS.findall(before), TOKENS.findall(after)
    if max(len(ones), len(others)) > MOST_WORDS:
        yield Piece("-", before)
        yield Piece("+", after)
        return
    for tag, a, b, c, d in SequenceMatcher(None, ones, others, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(" ", "".join(ones[a:b]))
            continue
        yield Piece("-", "".join(ones[a:b]))
        yield Piece("+", "".join(others[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and those of one sign in a row as one."""
    last = Piece(" ", "")
    for piece in pieces:
        if not piece.text:
            continue
        if piece.sign == last.sign:
            last = Piece(last.sign, last.text + piece.text)
            continue
        if last.text:
            yield last
        last = piece
    if last.text:
        yield last
