"""Every operation of the API, found in the URL map: who is let in, and that it does what its document says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.routing import Rule

from storefront.api.endpoint import ApiBlueprint
from storefront.api.guard import scope_of
from storefront.api.scopes import SCOPES
from storefront.kit.db import settle_reads
from tests.api.programs import Program, make_token
from tests.browser import Browser
from tests.cast import Cast
from tests.isolation.routes import download
from tests.isolation.world import World, make_world
from tests.stripe import Stripe
from tests.subscriptions.acts import sell

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
BROKEN = "api_money.get_revenue"


def operations(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule of the API's blueprints with each of its methods."""
    names = {name for name, blueprint in app.blueprints.items() if isinstance(blueprint, ApiBlueprint)}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in names:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address(rule: Rule) -> str:
    built = rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)
    assert built
    return built[1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_operation_asks_for_a_token_with_its_scope(app: Flask, cast: Cast) -> None:
    nobody = Program(app)
    programs = {scope: Program(app, cast.bob, *(SCOPES.keys() - {scope})) for scope in SCOPES}
    for rule, method in operations(app):
        scope = scope_of(app.view_functions[rule.endpoint])
        if not scope:
            assert method == "GET"
            assert nobody.ask(method, address(rule)).status_code in (200, 404)
            continue
        refused = nobody.ask(method, address(rule), json={})
        assert refused.status_code == 401, rule
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        lacking = programs[scope].ask(method, address(rule), json={})
        assert lacking.status_code == 403, rule
        assert f'scope="{scope}"' in lacking.headers["WWW-Authenticate"]
        assert scope in lacking.json["detail"]  # type: ignore[index]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_document_has_every_address(app: Flask, client: Browser) -> None:
    document = client.get("/api/openapi.json").json
    assert document
    described = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api/", "/v1/")) and rule.endpoint not in (
            "reference.index", "reference.document", "payments.receive_alias",
        ):  # fmt: skip
            path = rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert (path, method) in described, rule
    page = client.get("/api/docs").text
    assert all(path in page for path, _method in described)


@dataclass(frozen=True)
class Known:
    """What addresses and bodies may name, so that not every answer is 404."""

    parts: dict[str, Any]
    fields: dict[str, Any]


def known_in(world: World) -> Known:
    """Things of bob's and of alice's team; the listing is one that bob can buy."""
    parts = {
        "listing": world.listing.slug, "listing_id": world.draft.id, "license_id": world.license.public_id,
        **download(world),
    }  # fmt: skip
    fields = {"listing": "ferry-lines", "price": 1200, "currency": "USD", "work": world.work.public_id, "workspace": ""}
    return Known(parts, fields)


def named(case: Any, known: Known) -> Any:
    """The same case about something that is there."""
    case.path_parameters = {name: known.parts[name] for name in case.path_parameters or {}}
    if isinstance(case.body, dict) and "title" not in case.body:
        case.body = {name: known.fields.get(name, value) for name, value in case.body.items()}
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
    return case


def see_that_it_does_what_it_says(app: Flask, secret: str, known: Known, examples: int, only: str = "") -> None:
    """Call every operation with whatever its document allows. Raises what Schemathesis finds."""

    def shop(environ: Any, start_response: Callable[..., Any]) -> Any:
        settle_reads()
        with app.app_context():
            return app(environ, start_response)

    def look(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {secret}"})
        case.validate_response(answer, checks=CHECKS)

    document = schemathesis.openapi.from_dict(app.extensions["api"])
    document.app = shop
    found = [each.ok() for each in document.get_all_operations() if isinstance(each, Ok)]
    for operation in sorted(found, key=lambda each: each.method.upper() == "DELETE"):
        if only and operation.path != only:
            continue

        @given(case=operation.as_strategy())
        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def try_it(case: Any) -> None:
            look(case)
            look(named(case, known))

        try_it()


@pytest.fixture
def unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    most = {**vars(app.extensions["settings"]), "api_per_minute": 10**6, "reports_per_day": 10**6}
    monkeypatch.setitem(app.extensions, "settings", app.extensions["settings"].__class__(**most))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_operation_does_what_its_document_says(app: Flask, stripe: Stripe, unlimited: None) -> None:
    sell(stripe)
    world = make_world()
    for person in (world.bob, world.alice):
        see_that_it_does_what_it_says(app, make_token(person, "*")[1], known_in(world), 5)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("broken", ["raises", "answers what is not described"])
def test_it_would_be_noticed(
    app: Flask, cast: Cast, unlimited: None, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def view() -> tuple[dict[str, str], int]:
        if broken == "raises":
            raise ValueError("a fault of ours")
        return {"short": "and stout"}, 418

    monkeypatch.setitem(app.view_functions, BROKEN, view)

    with pytest.raises(BaseException, match=r"Server error|Undocumented status code"):
        see_that_it_does_what_it_says(app, make_token(cast.bob, "*")[1], Known({}, {}), 1, only="/api/me/revenue")
