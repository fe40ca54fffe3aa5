"""``storefront sweep``: what the worker does every few minutes, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from storefront.cli import group
from storefront.kit import jobs
from storefront.kit.db import db
from storefront.kit.periodic import Periodic, PeriodicRun, Tally
from storefront.payments import webhooks
from tests.cast import Cast
from tests.payments.events import payment

MoveClock = Callable[[timedelta], None]


def sweep(app: Flask) -> Result:
    return app.test_cli_runner().invoke(group, ["sweep"], obj=ScriptInfo(create_app=lambda: app))


def test_it_says_what_it_found_and_mended(app: Flask, cast: Cast, move_clock: MoveClock) -> None:
    webhooks.keep(payment(cast)[1])
    move_clock(timedelta(minutes=2))

    told = sweep(app)

    assert told.exit_code == 0, told.output
    assert "payments.sweep: events kept and not handled: 1 found, 1 mended" in told.output
    assert "library.sweep: licenses without their first copy: 0 found, 0 mended" in told.output
    run = set(db.session.scalars(sa.select(PeriodicRun.name)))
    assert run == {work.name for work in jobs.registry().periodic}


def test_it_ends_with_1_if_something_is_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise LookupError("no dustpan")

    work = [Periodic("test.fail", fail), Periodic("test.mend", lambda: [Tally("broken cups", 2, 1)])]
    monkeypatch.setattr(jobs.registry(), "periodic", work)

    told = sweep(app)

    assert told.exit_code == 1
    assert "test.fail: failed. LookupError: no dustpan" in told.output
    assert "test.mend: broken cups: 2 found, 1 mended" in told.output
