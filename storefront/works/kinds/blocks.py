"""Blocks of a page, each of a type of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront.works.shapes import LONG, Faults, Shape, Text

TYPES = ("heading", "text", "image", "quote", "code", "prompt")
TYPE_WORDS = {
    "heading": "Heading",
    "text": "Text",
    "image": "Image",
    "quote": "Quote",
    "code": "Code",
    "prompt": "Prompt",
}
EXTRAS: dict[str, dict[str, Text]] = {
    "image": {"file": Text(60)},
    "quote": {"attribution": Text(200)},
    "code": {"language": Text(40)},
    "prompt": {"prompt": Text(60)},
}
REFERENCES = {
    "file": ("file", "This file is not in the work."),
    "prompt": ("prompt", "This prompt is not in the work."),
}


def shape(content: Mapping[str, Any]) -> Shape:
    """By its type; an unknown one is wrong in the type alone."""
    extras = EXTRAS.get(str(content.get("type")), {})
    text = Text(300) if content.get("type") == "heading" else LONG
    return {"type": Text(20, needed="Choose a type.", choices=TYPES, blank="text"), "text": text, **extras}


def blank() -> dict[str, Any]:
    return {"type": "text", "text": ""}


def blank_of(type: str) -> dict[str, Any]:
    """A new block of one of the types."""
    return {"type": type, "text": "", **dict.fromkeys(EXTRAS.get(type, {}), "")}


def refined(content: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty and optional."""
    return {name: value for name, value in content.items() if value or name in ("type", "text")}


def wrong(content: dict[str, Any], inside: Mapping[str, str]) -> Faults:
    return {
        name: sentence
        for name, (kind, sentence) in REFERENCES.items()
        if content.get(name) and inside.get(content[name]) != kind
    }


def remapped(content: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    return content | {name: keys.get(content[name], content[name]) for name in REFERENCES if content.get(name)}
