"""The OpenAPI document as its page shows it: groups of operations, and schemas as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
METHODS = ("get", "post", "put", "delete")
DEEPEST = 3  # levels of a schema that are shown


@dataclass(frozen=True)
class Row:
    """One value: a parameter, or a part of a body. ``name`` is the whole way to it."""

    name: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One method at one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    is_public: bool
    parameters: list[Row]
    body: list[Row]
    answer: list[Row]
    statuses: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """The operations of one subject."""

    name: str
    about: str
    operations: list[Operation]


def read(document: Document) -> list[Group]:
    """The groups in the document's order."""
    return [
        Group(tag["name"], tag.get("description", ""), list(_operations(document, tag["name"])))
        for tag in document.get("tags", ())
    ]


def _operations(document: Document, tag: str) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and tag in item[method]["tags"]:
                yield _operation(document, path, method, item)


def _operation(document: Document, path: str, method: str, item: Document) -> Operation:
    operation = item[method]
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    parameters = [
        Row(each["name"], _kind(document, each["schema"]), each.get("required", False), each.get("description", ""))
        for each in given
    ]
    scopes = [scope for each in operation["security"] for scope in each.get("token", ())]
    statuses = sorted((status, _resolve(document, each)) for status, each in operation["responses"].items())
    done = next(each for status, each in statuses if status.startswith("2"))
    return Operation(
        operation["operationId"], method.upper(), path, operation.get("summary", ""), operation.get("description", ""),
        next(iter(scopes), ""), {} in operation["security"], parameters,
        list(_content(document, operation.get("requestBody", {}))), list(_content(document, done)),
        [(status, each["description"]) for status, each in statuses],
    )  # fmt: skip


def _content(document: Document, holder: Document) -> Iterator[Row]:
    schema = holder.get("content", {}).get("application/json", {}).get("schema")
    return _rows(document, schema) if schema else iter(())


def _rows(document: Document, schema: Document, before: str = "", depth: int = 1) -> Iterator[Row]:
    schema = _resolve(document, schema)
    for name, part in schema.get("properties", {}).items():
        shown = f"{before}{name}"
        whole = _resolve(document, part)
        is_needed = name in schema.get("required", ())
        yield Row(shown, _kind(document, part), is_needed, part.get("description", whole.get("description", "")))
        inner, mark = (whole["items"], "[].") if "items" in whole else (whole, ".")
        if depth < DEEPEST:
            yield from _rows(document, inner, shown + mark, depth + 1)


def _kind(document: Document, schema: Document) -> str:
    """``text``, ``list of whole numbers``, ``yes or no, or null``."""
    schema = _resolve(document, schema)
    kinds = schema.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words: list[str] = [str(WORDS.get(kind, kind)) for kind in kinds]
    if "array" in kinds:
        words[0] = f"list of {_kind(document, schema['items'])}"
    if schema.get("format") == "date-time":
        words[0] = "time"
    if choices := schema.get("enum"):
        words[0] = " | ".join(str(each) for each in choices if each is not None)
    return " or ".join(words)


WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def _resolve(document: Document, schema: Document) -> Document:
    """What a reference stands for."""
    if "$ref" not in schema:
        return schema
    found: Any = document
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}
