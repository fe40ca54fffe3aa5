"""Shapes of content: what may be typed where, read from forms and checked in one way for forms and files.

A shape is a ``Text``, ``Lines``, a ``ListOf`` or a ``Whole``, or a mapping of names to shapes. A field's name is its
path with dots, ``steps.0.title``, in forms, in what is said to be wrong, and in imported files alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

MEGABYTE = 1024 * 1024

Faults: TypeAlias = dict[str, str]
"""What is wrong, as a sentence by path."""


@dataclass(frozen=True)
class Text:
    """Words of at most ``most`` characters, or bytes of UTF-8 where that is a megabyte.

    ``needed`` is the sentence for a blank one, ``choices`` what else it may be.
    """

    most: int = 2000
    needed: str = ""
    choices: tuple[str, ...] = ()
    blank: str = ""


@dataclass(frozen=True)
class Lines:
    """A list of short texts, which a form takes as lines of one field."""

    most: int
    each: Text


@dataclass(frozen=True)
class ListOf:
    """At most ``most`` values of one shape."""

    most: int
    each: Shape


@dataclass(frozen=True)
class Whole:
    """A whole number, 0 or more. No form asks for one."""


Shape: TypeAlias = "Text | Lines | ListOf | Whole | Mapping[str, Shape]"

LONG = Text(MEGABYTE)


def tidy(text: str) -> str:
    """``text`` with plain line ends and without what no column or page can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen: spaces of any kind, and marks that only steer."""
    return all(unicodedata.category(char)[0] in "ZC" for char in text)


def one_line(text: str) -> str:
    """``text`` on one line, blanks at its ends and in a row taken out."""
    return " ".join(tidy(text).split())


def read(typed: Mapping[str, str], shape: Shape, path: str = "") -> Any:
    """The value of ``shape`` that a form's fields hold; refuses nothing, so that everything typed is kept."""
    if isinstance(shape, Whole):
        raise TypeError("a number is not typed")
    if isinstance(shape, Text):
        return tidy(typed.get(path, shape.blank))
    if isinstance(shape, Lines):
        return [line for line in map(one_line, tidy(typed.get(path, "")).split("\n")) if line]
    if isinstance(shape, ListOf):
        return [read(typed, shape.each, f"{path}.{n}") for n in _numbers(typed, path)]
    return {name: read(typed, inner, _under(path, name)) for name, inner in shape.items()}


def _numbers(typed: Mapping[str, str], path: str) -> list[int]:
    """The numbers that a list's fields carry, in the order of the form."""
    pattern = re.compile(re.escape(path) + r"\.(\d{1,6})(?:\.|$)")
    return list(dict.fromkeys(int(found[1]) for name in typed if (found := pattern.match(name))))


def faults(value: Any, shape: Shape, path: str = "") -> Faults:
    """What keeps ``value`` from being of this shape, by path; nothing if it is."""
    if isinstance(shape, Text):
        return _text_faults(value, shape, path)
    if isinstance(shape, Whole):
        is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
        return {} if is_whole else {path: "This should be a whole number."}
    if isinstance(shape, Lines | ListOf):
        return _list_faults(value, shape, path)
    if not isinstance(value, Mapping):
        return {path: "This should be an object."}
    found = {_under(path, str(name)): "There is no such field." for name in value if name not in shape}
    for name, inner in shape.items():
        if name in value or _is_needed(inner):
            found |= faults(value.get(name, ""), inner, _under(path, name))
    return found


def _text_faults(value: Any, shape: Text, path: str) -> Faults:
    if not isinstance(value, str):
        return {path: "This should be text."}
    if tidy(value) != value:
        return {path: "Take out the control characters."}
    if is_blank(value):
        return {path: shape.needed} if shape.needed else {}
    if shape.choices and value not in shape.choices:
        return {path: f"Choose one of {', '.join(shape.choices)}."}
    too_long = _too_long(value, shape.most)
    return {path: too_long} if too_long else {}


def _too_long(value: str, most: int) -> str:
    if most >= MEGABYTE:
        size = len(value.encode())
        return f"Make it shorter: it has {size / MEGABYTE:.1f} MB of at most 1." if size > most else ""
    return f"Make it shorter: it has {len(value):,} characters of at most {most:,}." if len(value) > most else ""


def _list_faults(value: Any, shape: Lines | ListOf, path: str) -> Faults:
    if not isinstance(value, list):
        return {path: "This should be a list."}
    if len(value) > shape.most:
        return {path: f"There are {len(value):,} of at most {shape.most:,}."}
    found: Faults = {}
    for number, each in enumerate(value):
        found |= faults(each, shape.each, f"{path}.{number}")
    if isinstance(shape, Lines) and found:
        return {
            path: f"In line {min(int(name.rpartition('.')[2]) for name in found) + 1}: {next(iter(found.values()))}"
        }
    return found


def _is_needed(shape: Shape) -> bool:
    return isinstance(shape, Text) and bool(shape.needed)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
