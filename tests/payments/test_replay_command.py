"""``storefront webhooks replay``: the operators' page for a terminal."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask

from storefront.kit.db import db
from storefront.payments import webhooks
from storefront.payments.models import StripeEvent
from tests.cast import Cast
from tests.payments.events import ignored, parked, payment


def replay(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["webhooks", "replay", *arguments])


def state(event_id: int) -> str:
    return db.session.get_one(StripeEvent, event_id, populate_existing=True).state


def test_one_event_by_its_id(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _order, event = payment(cast)
    event_id = webhooks.keep(event)
    with monkeypatch.context() as broken:
        broken.setattr(webhooks, "_dispatch", lambda _event: 1 / 0)
        webhooks.handle(event_id)
    assert state(event_id) == "failed"

    result = replay(app, event["id"])

    assert result.exit_code == 0
    assert result.output == f"{event['id']}  checkout.session.completed  handled\n"
    assert state(event_id) == "handled"


def test_all_that_are_parked(app: Flask) -> None:
    ids = [parked(), parked()]
    untouched = ignored()

    result = replay(app, "--parked")

    assert result.exit_code == 1
    assert result.output.count("parked: Its metadata does not say what was bought.") == 2
    attempts = [db.session.get_one(StripeEvent, each, populate_existing=True).attempts for each in ids]
    assert attempts == [2, 2]
    assert db.session.get_one(StripeEvent, untouched, populate_existing=True).attempts == 1


def test_nothing_to_replay(app: Flask) -> None:
    result = replay(app, "--failed", "--parked")
    assert (result.exit_code, result.output) == (0, "There is nothing to replay.\n")


def test_an_unknown_event(app: Flask) -> None:
    result = replay(app, "evt_unknown")
    assert result.exit_code == 1
    assert "There is no event evt_unknown." in result.output


@pytest.mark.parametrize("arguments", [(), ("evt_1", "--parked")])
def test_it_asks_for_one_event_or_a_state(app: Flask, arguments: tuple[str, ...]) -> None:
    result = replay(app, *arguments)
    assert result.exit_code == 2
    assert "Name one event, or say --parked or --failed." in result.output
