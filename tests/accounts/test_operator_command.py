"""``storefront operator grant``."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.kit.db import db
from tests.cast import Cast


def is_operator(email: str) -> bool | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Person.is_operator).where(Person.email == email))


def test_bob_is_let_run_the_platform(app: Flask, cast: Cast) -> None:
    assert not cast.bob.is_operator
    result = app.test_cli_runner().invoke(args=["operator", "grant", "Bob@example.com"])
    assert (result.exit_code, result.output) == (0, "Bob <bob@example.com> runs the platform now.\n")
    assert is_operator("bob@example.com")


def test_granting_twice_says_so(app: Flask, cast: Cast) -> None:
    result = app.test_cli_runner().invoke(args=["operator", "grant", cast.carol.email])
    assert (result.exit_code, result.output) == (0, "Carol <carol@example.com> runs the platform already.\n")


def test_nobody_of_that_name_is_said_plainly(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["operator", "grant", "who@example.com"])
    assert result.exit_code == 1
    assert "Nobody has signed up as who@example.com." in result.output
