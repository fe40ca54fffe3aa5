"""Nobody comes to what is not theirs, at any address: the shop's own URL map is walked from end to end.

Who may come where is said in ``routes.py``; an address that is not described there fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from storefront.accounts.models import ROLES, Person
from storefront.accounts.queries import may_with
from tests.browser import Browser
from tests.isolation.routes import ROUTES, Values
from tests.isolation.world import World, make_world

REFUSED = (403, 404)


@pytest.fixture
def world(app: Flask) -> World:
    return make_world()


def naming(app: Flask) -> Iterator[Rule]:
    """The rules of addresses that name something."""
    return (rule for rule in app.url_map.iter_rules() if rule.arguments)


def endpoints(kind: str) -> list[str]:
    return [endpoint for endpoint, door in ROUTES.items() if door.kind == kind]


def visit(
    client: Browser, endpoint: str, world: World, person: Person | None, values: Values | None = None
) -> Iterator[TestResponse]:
    """What ``person`` is answered at every address and by every method of an endpoint."""
    door = ROUTES[endpoint]
    parts = (values or door.values)(world)
    for rule in client.application.url_map.iter_rules(endpoint):
        if not rule.arguments:
            continue
        found = rule.build({name: parts[name] for name in rule.arguments}, append_unknown=False)
        assert found is not None, f"{rule.rule} takes other parts than {parts}"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            sent = "json" if found[1].startswith(("/api/", "/v1/")) else "data"
            body: dict[str, Any] = {sent: door.data} if method != "GET" else {}
            yield client.as_person(person).open(found[1], method=method, **body)


def statuses(*visited: Any) -> set[int]:
    return {answer.status_code for answer in visit(*visited)}


def see_that_strangers_are_asked_who_they_are(client: Browser, endpoint: str, world: World) -> None:
    for answer in visit(client, endpoint, world, None):
        assert answer.status_code in (303, 401)
        assert answer.status_code == 401 or answer.location.startswith("/login")


def test_every_address_that_names_something_says_who_may_come(app: Flask) -> None:
    described, there = set(ROUTES), {rule.endpoint for rule in naming(app)}

    assert there - described == set(), "say in tests/isolation/routes.py who may come there"
    assert described - there == set(), "gone; take it out of tests/isolation/routes.py"


@pytest.mark.parametrize("endpoint", endpoints("workspace"))
def test_what_is_in_a_workspace_is_its_members(client: Browser, world: World, endpoint: str) -> None:
    to = ROUTES[endpoint].to

    see_that_strangers_are_asked_who_they_are(client, endpoint, world)
    assert statuses(client, endpoint, world, world.mallory) == {404}
    assert statuses(client, endpoint, world, world.bob) == {404}  # he holds a license, which lets him in nowhere
    for role in reversed(ROLES):  # the weakest first, for what they do may be done once
        answered = statuses(client, endpoint, world, world.with_role(role))
        if may_with(role, to):
            assert not answered.intersection(REFUSED), role
            assert max(answered) < 500
            return
        assert answered == {403}, role


def comes_in(endpoint: str, answered: set[int]) -> bool:
    """Whether somebody was let in; Stripe may then say that it knows nothing of what it is asked."""
    return max(answered) < 400 or (ROUTES[endpoint].asks and answered <= {200, 303, 502, 503})


@pytest.mark.parametrize("endpoint", endpoints("holder"))
def test_what_bob_holds_is_his_alone(client: Browser, world: World, endpoint: str) -> None:
    see_that_strangers_are_asked_who_they_are(client, endpoint, world)
    for other in (world.mallory, world.alice, world.editor, world.carol):
        assert statuses(client, endpoint, world, other) == {404}, other.name
    assert comes_in(endpoint, statuses(client, endpoint, world, world.bob))


@pytest.mark.parametrize("endpoint", endpoints("operators"))
def test_what_operators_see_is_not_there_for_others(client: Browser, world: World, endpoint: str) -> None:
    see_that_strangers_are_asked_who_they_are(client, endpoint, world)
    for other in (world.mallory, world.alice, world.bob):
        assert statuses(client, endpoint, world, other) == {404}, other.name
    assert comes_in(endpoint, statuses(client, endpoint, world, world.carol))


@pytest.mark.parametrize("endpoint", endpoints("everybody"))
def test_what_is_public_is_open_and_what_is_not_is_not(client: Browser, world: World, endpoint: str) -> None:
    hidden = ROUTES[endpoint].hidden

    for person in (None, world.mallory):
        assert max(statuses(client, endpoint, world, person)) < 400
    if hidden:
        assert statuses(client, endpoint, world, world.mallory, hidden) == {404}
        for answer in visit(client, endpoint, world, None, hidden):
            assert answer.status_code == 404 or answer.location.startswith("/login")


@pytest.mark.parametrize("endpoint", endpoints("signed_in"))
def test_what_is_everybodys_who_signed_in_is_no_strangers(client: Browser, world: World, endpoint: str) -> None:
    see_that_strangers_are_asked_who_they_are(client, endpoint, world)
    assert max(statuses(client, endpoint, world, world.mallory)) < 400
    assert statuses(client, endpoint, world, world.mallory, ROUTES[endpoint].hidden) == {404}


@pytest.mark.parametrize("endpoint", endpoints("link"))
def test_a_link_that_was_made_up_opens_nothing(client: Browser, world: World, endpoint: str) -> None:
    for person in (None, world.mallory):
        for answer in visit(client, endpoint, world, person):
            gone = answer.status_code in (404, 410)
            assert gone or (answer.status_code == 303 and answer.location.startswith("/login"))
