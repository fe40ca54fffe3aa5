"""Making an access token, using it, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.services import reset_password
from storefront.api.models import ApiToken
from storefront.api.services import MOST_TOKENS
from storefront.events.models import Event
from storefront.kit.db import db, step
from tests.api.programs import Program, make_token
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import letters_to

REVENUE = "/api/me/revenue"
MADE = {"name": "Laptop", "scopes": ["earnings:read"], "days": "90"}


def secret_on(page: str) -> str:
    found = re.search(r"sfp_[0-9a-z]{40}", page)
    assert found
    return found[0]


def test_bob_makes_a_token_and_sees_it_once(app: Flask, client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).post("/settings/tokens", data=MADE)

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    program = Program(app)
    program.secret = secret_on(answer.text)
    assert program.ask("GET", REVENUE).status_code == 200
    listed = client.get("/settings/tokens").text
    assert "Laptop" in listed
    assert "earnings:read" in listed
    assert program.secret not in listed
    token = db.session.scalars(sa.select(ApiToken)).one()
    assert program.secret not in str(vars(token))
    assert token.used_at is not None


def test_he_is_told_by_mail_and_the_record_knows_it(client: Browser, cast: Cast) -> None:
    client.as_person(cast.bob).post("/settings/tokens", data=MADE)

    (letter,) = letters_to(cast.bob.email)
    assert "Laptop" in letter.text
    assert "sfp_" not in letter.text
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.name == "token.made")) == 1


def test_a_token_without_a_name_or_a_scope_is_not_made(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).post("/settings/tokens", data={"days": "30"})

    assert answer.status_code == 422
    assert "Write a name" in answer.text
    assert "Choose at least one." in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 0


def test_there_is_an_end_to_tokens(client: Browser, cast: Cast) -> None:
    for _each in range(MOST_TOKENS):
        make_token(cast.bob, "*")

    assert client.as_person(cast.bob).post("/settings/tokens", data=MADE).status_code == 409


def test_a_revoked_token_opens_nothing(app: Flask, client: Browser, cast: Cast) -> None:
    program = Program(app, cast.bob, "*")
    public_id = db.session.scalars(sa.select(ApiToken.public_id)).one()

    client.as_person(cast.bob).post(f"/settings/tokens/{public_id}/revocation")

    answer = program.ask("GET", REVENUE)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert "Laptop" not in client.get("/settings/tokens").text.replace("“Laptop” is revoked", "")


def test_a_token_ends_when_it_said_it_would(app: Flask, cast: Cast, move_clock: Callable[[timedelta], None]) -> None:
    program = Program(app)
    program.secret = make_token(cast.bob, "*", days=30)[1]
    assert program.ask("GET", REVENUE).status_code == 200

    move_clock(timedelta(days=30))

    assert program.ask("GET", REVENUE).status_code == 401


def test_a_new_password_ends_every_token(app: Flask, cast: Cast) -> None:
    program = Program(app, cast.bob, "*")
    others = Program(app, cast.alice, "*")

    with step():
        reset_password(cast.bob, "a-password-nobody-knows")

    assert program.ask("GET", REVENUE).status_code == 401
    assert others.ask("GET", REVENUE).status_code == 200


def test_a_person_who_was_shut_out_has_no_tokens_either(app: Flask, cast: Cast) -> None:
    program = Program(app, cast.bob, "*")
    with step():
        cast.bob.active = False

    assert program.ask("GET", REVENUE).status_code == 401


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer sfp_made_up", "Bearer \x80", "Basic Ym9iOmJvYg==", "sfp_x"])
def test_what_is_no_token_is_refused(app: Flask, cast: Cast, shown: str) -> None:
    answer = Program(app).ask("GET", "/api/marketplace", Authorization=shown)

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert problem
    assert problem["status"] == 401
    assert problem["request_id"].startswith("req_")


def test_requests_are_counted_by_token(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", settings.__class__(**{**vars(settings), "api_per_minute": 2}))
    bob, alice = Program(app, cast.bob, "*"), Program(app, cast.alice, "*")

    answers = [bob.ask("GET", REVENUE) for _each in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"minute";r=1;t=')
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert alice.ask("GET", REVENUE).status_code == 200


def test_a_page_of_the_shop_reads_by_its_session_and_changes_only_with_its_own_token(
    client: Browser, cast: Cast
) -> None:
    client.as_person(cast.bob)

    assert client.get(REVENUE).status_code == 200
    assert client.post("/api/checkout", json={}, forged=True).status_code == 400
    assert client.post("/api/checkout", json={}).status_code == 422
