"""Prompts: text with ``{{variables}}``, read into parts and filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_NAME, MOST_VARIABLES = 60, 50

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Part:
    """A piece of a prompt. ``variable`` names the one it stands for, ``filled`` says whether by a value."""

    text: str
    variable: str = ""
    filled: bool = False


@dataclass(frozen=True)
class Variable:
    """What a prompt asks for, as a field of a form; ``value`` is what stands in it."""

    name: str
    label: str
    value: str


def names_in(text: str) -> list[str]:
    """The names of the variables in a text, each once, in the order in which they come."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def parts(text: str) -> Iterator[Part]:
    """The text in pieces, its variables apart; joined they are the text again but for blanks in braces."""
    return filled(text, {})


def filled(text: str, values: Mapping[str, str]) -> Iterator[Part]:
    """The text with values in their places; a variable without one keeps its place as ``{{name}}``."""
    end = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            yield Part(text[end : found.start()])
        name, end = found[1], found.end()
        value = values.get(name, "")
        yield Part(value or f"{{{{{name}}}}}", name, bool(value))
    if end < len(text):
        yield Part(text[end:])


def variables(content: Mapping[str, Any], values: Mapping[str, str]) -> list[Variable]:
    """The variables of a prompt's content, each with its value or, where none was given, its example."""
    return [
        Variable(each["name"], each["label"], values.get(each["name"], each["example"]))
        for each in content["variables"]
    ]
