"""Prompts: a text, and its variables, which the text itself names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront.works.prompts import LONGEST_NAME, MOST_VARIABLES, names_in
from storefront.works.shapes import LONG, Faults, ListOf, Shape, Text

VARIABLE = {"name": Text(LONGEST_NAME, needed="Name the variable."), "label": Text(200), "example": Text(2000)}


def shape(_content: Mapping[str, Any]) -> Shape:
    return {"text": LONG, "variables": ListOf(20 * MOST_VARIABLES, VARIABLE), "note": Text(2000)}


def blank() -> dict[str, Any]:
    return {"text": "", "variables": [], "note": ""}


def refined(content: dict[str, Any]) -> dict[str, Any]:
    """Its variables are those the text names, in their order, each with the label and example it had."""
    known = {each["name"]: each for each in content["variables"]}
    named = [known.get(name, {"name": name, "label": "", "example": ""}) for name in names_in(content["text"])]
    return {**content, "variables": [{**each, "label": each["label"] or label_from(each["name"])} for each in named]}


def label_from(name: str) -> str:
    """``field_notes`` asks for ``Field notes``."""
    words = name.replace("_", " ").strip() or name
    return words[0].upper() + words[1:]


def wrong(content: dict[str, Any], _inside: Mapping[str, str]) -> Faults:
    names = names_in(content.get("text", ""))
    if len(names) > MOST_VARIABLES:
        return {"text": f"It names {len(names):,} variables of at most {MOST_VARIABLES}."}
    overlong = next((name for name in names if len(name) > LONGEST_NAME), "")
    return {"text": f"The variable {overlong[:20]}… needs a shorter name."} if overlong else {}
