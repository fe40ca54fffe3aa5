"""The shop's clock follows the payment sandbox's, where that is allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import requests
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from storefront.cli import group
from storefront.kit import clock
from tests.conftest import make_app
from tests.processes import free_port
from tests.stripe import Stripe


def follow(app: Flask) -> Result:
    return app.test_cli_runner().invoke(group, ["clock", "follow"], obj=ScriptInfo(create_app=lambda: app))


def test_it_goes_where_the_sandbox_went(app: Flask, stripe: Stripe) -> None:
    requests.post(f"{stripe.url}/_sandbox/clock", json={"advance": 86_400}, timeout=10).raise_for_status()

    told = follow(app)

    assert told.exit_code == 0, told.output
    assert clock.moved_by() >= timedelta(days=1)


def test_without_a_sandbox_it_says_so(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    told = follow(make_app(tmp_path, database_url=f"sqlite:///{tmp_path}/shop.db", stripe_api_base=nowhere))

    assert told.exit_code == 1
    assert f"No sandbox answers at {nowhere}" in told.output
