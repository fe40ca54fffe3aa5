"""``storefront operator``: letting somebody run the platform, and putting somebody on a plan."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.events.models import Event
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


def test_bob_is_put_on_studio_and_the_change_is_recorded_once(app: Flask, cast: Cast) -> None:
    bob = cast.bob.id
    said = [app.test_cli_runner().invoke(args=["operator", "plan", "Bob@example.com", "studio"]) for _time in range(2)]

    assert [each.output for each in said] == [
        "Bob <bob@example.com> is on Studio now.\n",
        "Bob <bob@example.com> is on Studio already.\n",
    ]
    db.session.rollback()
    assert db.session.scalar(sa.select(Person.plan).where(Person.id == bob)) == "studio"
    changes = db.session.scalars(sa.select(Event).where(Event.name == "person.plan_changed")).all()
    assert [(each.subject_id, each.data) for each in changes] == [(bob, {"before": "free", "plan": "studio"})]


def test_a_plan_that_is_none_is_refused(app: Flask, cast: Cast) -> None:
    result = app.test_cli_runner().invoke(args=["operator", "plan", cast.bob.email, "gold"])
    assert result.exit_code == 2
    assert "'free', 'pro', 'studio'" in result.output
