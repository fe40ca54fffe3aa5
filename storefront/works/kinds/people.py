"""Characters, and what is between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront.works.shapes import Faults, Lines, ListOf, Shape, Text

TWO = "A relationship joins two characters. Choose two that differ."


def character_shape(_content: Mapping[str, Any]) -> Shape:
    return {"role": Text(200), "voice": Text(10_000), "summary": Text(20_000), "traits": Lines(50, Text(100))}


def blank_character() -> dict[str, Any]:
    return {"role": "", "voice": "", "summary": "", "traits": []}


def relationship_shape(_content: Mapping[str, Any]) -> Shape:
    return {"between": ListOf(2, Text(60)), "summary": Text(20_000)}


def blank_relationship() -> dict[str, Any]:
    return {"between": [], "summary": ""}


def wrong(content: dict[str, Any], inside: Mapping[str, str]) -> Faults:
    between = content.get("between", [])
    joined = len(set(between)) == 2 and all(inside.get(key) == "character" for key in between)
    return {} if joined else {"between": TWO}


def remapped(content: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    return {**content, "between": [keys.get(key, key) for key in content["between"]]}
