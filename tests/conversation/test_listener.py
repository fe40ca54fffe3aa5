"""Whoever listens hears it all: requests, answers, events, calls out of a transaction, hands in the wrong database."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.kit import mail
from storefront.kit.db import db, outside, step
from storefront.payments import gateway
from storefront.sandbox.server import RunningSandbox
from tests.cast import Cast
from tests.conversation import outside as seen
from tests.conversation.listener import LISTENING, Listener, passed_on_to
from tests.stripe import HEADERS, SECRET_KEY, Stripe
from tests.worlds import make_offer

REFUND = {"id": "re_1", "object": "refund", "amount": 1, "color": "red"}


class Liar:
    """In a sandbox's place: says what it is told to."""

    def __init__(self, answer: Any, status: int = 200, events: Sequence[Any] = ()) -> None:
        self.answer, self.status = answer, status
        self.asides = {
            "/v1/accounts": {"data": []},
            "/v1/events": {"data": events, "has_more": False},
            "/_sandbox/clock": {"now": 1},
        }

    def __call__(self, environ: Any, start_response: Any) -> Any:
        aside = self.asides.get(Request(environ).path)
        body, status = (aside, 200) if aside else (self.answer, self.status)
        return Response(json.dumps(body), status, mimetype="application/json")(environ, start_response)


def heard(app: Any, path: str, **form: str) -> list[str]:
    """What is overheard of one write."""
    listener = Listener(app, key=SECRET_KEY)
    Client(listener).post(path, data=form, headers={**HEADERS, "Idempotency-Key": "refund-1"})
    return listener.overheard()


def overheard() -> list[str]:
    """What those overheard whom every test has."""
    return [problem for each in LISTENING for problem in each.overheard()]


def test_a_wrong_answer_and_a_wrong_event_are_overheard() -> None:
    event = {"id": "evt_1", "object": "event", "type": "refund.created", "data": {"object": REFUND}}
    liar = Liar(REFUND, events=[event | {"api_version": "old", "livemode": False}])

    problems = heard(liar, "/v1/refunds", payment_intent="pi_1")

    assert any("in the answer" in problem and "'color'" in problem for problem in problems)
    assert any("event refund.created" in problem and "'created' is a required" in problem for problem in problems)
    assert any("it is of version old" in problem for problem in problems)


def test_a_wrong_refusal_is_overheard() -> None:
    problems = heard(Liar({"message": "No."}, 400), "/v1/refunds", payment_intent="pi_1")
    assert any("'error' is a required property" in problem for problem in problems)


def test_the_shops_mistake_is_overheard_whatever_the_sandbox_says(stripe: Stripe) -> None:
    requests.post(f"{stripe.url}/v1/refunds", data={"reason": "regret"}, headers=HEADERS, timeout=10)

    problems = overheard()
    assert "POST /v1/refunds: Idempotency-Key has 1 to 255 characters" in problems
    assert any("'regret' is not one of" in problem for problem in problems)


def test_a_shop_says_nothing_wrong_and_is_heard(app: Flask, cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    before = sum(each.requests for each in LISTENING)

    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    session_id = db.session.scalars(sa.select(Order.session_id)).one()
    with outside():
        gateway.retrieve_checkout_session(session_id or "")

    assert sum(each.requests for each in LISTENING) == before + 2


def test_what_is_passed_on_to_another_process_is_heard(running_sandbox: RunningSandbox, stripe: Stripe) -> None:
    assert heard(passed_on_to(running_sandbox.url), "/v1/customers", email="bob@example.com") == []
    for problems in (heard(passed_on_to(running_sandbox.url), "/v1/customers", color="red"), overheard()):
        assert any("'color' was unexpected" in problem for problem in problems)


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that no longer asks whether it is outside."""
    monkeypatch.setattr(gateway, "is_outside", lambda: True)


def test_no_test_starts_a_sandbox_that_nobody_listens_to() -> None:
    """Only the fixtures do, those tests of the sandbox that start another, and the soak, which is no test."""
    tests = Path(__file__).parents[1]
    starting = {
        str(file.relative_to(tests))
        for file in tests.rglob("*.py")
        if re.search(r"sandbox\.server import .*\bstart\b", file.read_text())
    }
    of_the_sandbox = {"test_accounts.py", "test_server.py", "test_webhooks.py", "conftest.py"}
    assert starting == {"conftest.py", "ledger/soak.py", *(f"sandbox/{name}" for name in of_the_sandbox)}


def test_a_call_to_stripe_in_a_transaction_is_caught(app: Flask, cast: Cast, stripe: Stripe, careless: None) -> None:
    with pytest.raises(gateway.PaymentRefused), step():
        cast.workspace(cast.bob)
        gateway.retrieve_checkout_session("cs_none")

    assert seen.caught() == ["GET /v1/checkout/sessions/cs_none HTTP/1.1 left while a transaction was open"]


@contextmanager
def looking_something_up() -> Iterator[None]:
    """In the place of ``outside()``."""
    db.session.execute(sa.text("SELECT 1"))
    yield


def test_a_letter_in_a_transaction_is_caught(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setattr(mail, "outside", looking_something_up)

    with pytest.raises(OSError, match="refused"):
        mail.deliver(cast.bob.email, "Hello", "Hello.", "<p>Hello.</p>", "a1")

    assert seen.caught() == ["smtplib.connect left while a transaction was open"]


def test_a_hand_in_the_sandboxs_database_is_caught(running_sandbox: RunningSandbox) -> None:
    with closing(sqlite3.connect(running_sandbox.parts.settings.database)):
        pass
    with running_sandbox.parts.store.reading():
        pass

    caught = seen.caught()
    assert [each.split(" by ")[0] for each in caught] == ["the sandbox's database was opened"] * 2
    assert all("test_listener.py" in each for each in caught)
