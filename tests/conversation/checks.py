"""One request held against Stripe's description and our rules: its headers, its parameters, what it wants expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from babel import Locale
from jsonschema import Draft4Validator, FormatChecker

from tests.conversation.forms import Schema, read_form
from tests.conversation.rules import broken_rules
from tests.sandbox.specification import deepest, operation, path_template, specification

VERSION = "2026-05-27.dahlia"  # written out: a version that only agrees with itself is not pinned
FORM = "application/x-www-form-urlencoded"
LIBRARYS_OWN_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Doing these twice is doing them once, or gives a second link, which is what is wanted of a link that is good once. A
#: key of ours would only replay an outage or a used link.
REPEATABLE = re.compile(r"/(expire|cancel|close|account_links|login_links)$")

formats = FormatChecker(formats=())


@dataclass(frozen=True)
class Request:
    """What was asked, as it came over the wire."""

    method: str
    path: str
    form: str  # of the body, or of the query where there is none
    headers: Mapping[str, str]


def problems_of_headers(request: Request) -> Iterator[str]:
    """https://docs.stripe.com/api/versioning, https://docs.stripe.com/api/idempotent_requests"""
    if request.headers.get("Stripe-Version") != VERSION:
        yield f"Stripe-Version is {request.headers.get('Stripe-Version')}, not {VERSION}"
    if not request.headers.get("Authorization", "").startswith("Bearer sk_test_"):
        yield "Authorization holds no test key"
    if request.method != "POST":
        return
    if request.headers.get("Content-Type", "").split(";")[0] != FORM:
        yield f"Content-Type is {request.headers.get('Content-Type')}, not {FORM}"
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 255:
        yield "Idempotency-Key has 1 to 255 characters"
    if LIBRARYS_OWN_KEY.fullmatch(key) and not REPEATABLE.search(request.path):
        yield "Idempotency-Key is the library's, which is new each time, not made from our own intent"


def problems_of_parameters(request: Request, *, now: int) -> list[str]:
    """What of a request's parameters Stripe wouldn't take. ``now`` is Stripe's clock in seconds."""
    try:
        template = path_template(request.method, request.path)
    except StopIteration:
        return ["there is no such endpoint"]
    schema = _schema(request.method, template)
    asked, problems = read_form(parse_qsl(request.form, keep_blank_values=True), schema)
    problems += [deepest(error) for error in _validator(request.method, template).iter_errors(asked)]
    if not problems:
        problems += broken_rules(request.method, template, asked, now=now)
        problems += _not_expandable(request.method, template, asked.get("expand", []))
    return problems


@lru_cache
def _schema(method: str, template: str) -> Schema:
    """The parameters of an endpoint as one object: those of its body, or those of its query."""
    found = operation(method, template)
    if method == "POST":
        body: Schema = found["requestBody"]["content"][FORM]["schema"]
        return body
    inquery = [each for each in found.get("parameters", []) if each["in"] == "query"]
    return {
        "type": "object",
        "properties": {each["name"]: each["schema"] for each in inquery},
        "required": [each["name"] for each in inquery if each["required"]],
        "additionalProperties": False,
    }


@lru_cache
def _validator(method: str, template: str) -> Draft4Validator:
    schema = dict(_schema(method, template))
    if not schema.get("required"):
        schema.pop("required", None)  # draft 4 has no empty list of what is required
    return Draft4Validator(schema, format_checker=formats)


def _not_expandable(method: str, template: str, paths: list[str]) -> Iterator[str]:
    """https://docs.stripe.com/expand: each step of a path is a field of what the step before names."""
    answer = operation(method, template)["responses"]["200"]["content"]["application/json"]["schema"]
    for path in paths:
        places = [answer]
        for step in path.split("."):
            places = [each for place in places for each in _fields(place, step)]
        if not places:
            yield f"expand: {path} names nothing in the answer (https://docs.stripe.com/expand)"


def _fields(schema: Any, name: str) -> Iterator[Schema]:
    """The schemas of a field, in whatever alternative of ``schema`` has it; a list stands for its entries."""
    if "$ref" in schema:
        schema = specification()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for each in schema.get("anyOf", ()):
        yield from _fields(each, name)
    if schema.get("type") == "array":
        yield from _fields(schema["items"], name)
    if name in schema.get("properties", {}):
        yield schema["properties"][name]


def _is_currency(value: Any) -> bool:
    """https://docs.stripe.com/currencies: three lower-case letters of ISO 4217."""
    return not isinstance(value, str) or (value.islower() and value.upper() in Locale("en").currencies)


def _is_decimal(value: Any) -> bool:
    """https://docs.stripe.com/api/prices/create#create_price-unit_amount_decimal: at most 12 decimal places."""
    return not isinstance(value, str) or value == "" or re.fullmatch(r"-?\d+(\.\d{1,12})?", value) is not None


def _is_moment(value: Any) -> bool:
    """Seconds since 1970, not milliseconds."""
    return not isinstance(value, int) or 0 <= value < 10**11


for _name, _check in (("currency", _is_currency), ("decimal", _is_decimal), ("unix-time", _is_moment)):
    formats.checks(_name)(_check)
