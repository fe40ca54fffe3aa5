"""Stripe's form encoding read back by its description: ``line_items[0][quantity]=1`` as a list, a hash and an integer.

The sandbox has a reader of its own; this one is not it, so that a mistake of one is seen by the other.
Source: https://docs.stripe.com/api (bodies are form-encoded) and
https://docs.stripe.com/api/metadata (an empty value unsets what can be unset).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]
Tree = dict[str, Any]

INTEGER, NUMBER = re.compile(r"-?\d+"), re.compile(r"-?\d+(\.\d+)?")
NAME = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")


def read_form(pairs: Iterable[tuple[str, str]], schema: Schema) -> tuple[Any, list[str]]:
    """What a form says, in the shape that its schema describes, and what of it can't be read."""
    tree, problems = _tree(pairs)
    value = _shaped(tree, schema, "", problems)
    return value, problems


def _tree(pairs: Iterable[tuple[str, str]]) -> tuple[Tree, list[str]]:
    """Bracketed names as hashes in hashes; a list is a hash of positions."""
    root: Tree = {}
    problems: list[str] = []
    for name, text in pairs:
        if not NAME.fullmatch(name):
            problems.append(f"{name}: not a name with brackets in pairs")
            continue
        branch, *inner = name.replace("]", "").split("[")
        place = root
        for following in inner:
            place = place.setdefault(branch, {})
            if not isinstance(place, dict):
                break
            branch = following or str(len(place))
        if not isinstance(place, dict) or branch in place:
            problems.append(f"{name}: said twice, or a value and a hash at once")
            continue
        place[branch] = text
    return root, problems


def _shaped(found: Any, schema: Schema, name: str, problems: list[str]) -> Any:
    if "anyOf" in schema:
        return _best(found, schema["anyOf"], name, problems)
    if isinstance(found, dict):
        return _hash_or_list(found, schema, name, problems)
    if found == "":
        if "" not in schema.get("enum", ()):
            problems.append(f"{name}: empty would unset it, and it can't be unset")
        return found
    return _scalar(found, schema.get("type"))


def _best(found: Any, alternatives: list[Schema], name: str, problems: list[str]) -> Any:
    """Read by the first alternative that fits a hash or a text; the description lists the richer one first."""
    for each in alternatives:
        is_hash = each.get("type") in ("object", "array") or "anyOf" in each
        if is_hash == isinstance(found, dict) and (found == "") == ("" in each.get("enum", ())):
            tried: list[str] = []
            value = _shaped(found, each, name, tried)
            if not tried and _is_of(value, each):
                return value
    return _shaped(found, alternatives[0], name, problems)


def _is_of(value: Any, schema: Schema) -> bool:
    wanted = {"integer": int, "number": (int, float), "boolean": bool, "string": str, "array": list, "object": dict}
    return isinstance(value, wanted.get(schema.get("type", ""), object))  # type: ignore[arg-type]


def _hash_or_list(found: Tree, schema: Schema, name: str, problems: list[str]) -> Any:
    if schema.get("type") == "array":
        if list(found) != [str(place) for place in range(len(found))]:
            problems.append(f"{name}: a list counts its entries from 0 without gaps, not {', '.join(found)}")
        return [_shaped(each, schema["items"], f"{name}[{place}]", problems) for place, each in found.items()]
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    shaped = {}
    for key, each in found.items():
        if key not in known and isinstance(others, dict) and each == "":
            shaped[key] = each  # unsets one key of a hash that may have any
        else:
            inner = known.get(key) or (others if isinstance(others, dict) else {"enum": [each]})
            shaped[key] = _shaped(each, inner, f"{name}[{key}]" if name else key, problems)
    return shaped


def _scalar(text: str, kind: str | None) -> Any:
    """A form has texts only; what doesn't read as its kind stays a text, which the schema then refuses."""
    if kind == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and NUMBER.fullmatch(text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
