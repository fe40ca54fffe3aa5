"""A license without its first clone gets one, once."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, step
from storefront.kit.periodic import Tally
from storefront.library import services
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.licenses.queries import license_for
from storefront.works.models import Work
from tests.at_once import twice_at_once
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.worlds import make_offer

KIND = "licenses without their first copy"


def without_clone(cast: Cast, title: str = "Field Notes") -> License:
    """Bob's license, whose first clone is gone as if it had never been made."""
    license = hold(cast.bob, make_offer(cast.alice, title, price=0))
    with step():
        db.session.execute(sa.delete(Clone).where(Clone.license_id == license.id))
    return license


def clones(license: License) -> list[bool]:
    """Whether each clone of a license is its first."""
    return list(db.session.scalars(sa.select(Clone.is_first).where(Clone.license_id == license.id)))


def test_the_missing_clone_is_made_where_bob_works(cast: Cast) -> None:
    license = without_clone(cast)

    assert services.sweep() == [Tally(KIND, 1, 1)]

    assert clones(license) == [True]
    work = db.session.scalars(sa.select(Work).order_by(Work.id.desc())).first()
    assert work is not None
    assert work.workspace_id == cast.workspace(cast.bob).id
    assert services.sweep() == [Tally(KIND, 0, 0)]


def test_a_further_clone_is_not_the_first(cast: Cast) -> None:
    license = without_clone(cast)
    with step():
        services.clone_again(license_for(cast.bob, license.public_id), by=cast.bob)
    assert clones(license) == [False]

    services.sweep()

    assert sorted(clones(license)) == [False, True]


def test_an_ended_license_gets_none(cast: Cast) -> None:
    license = without_clone(cast)
    finish(license, "revoked")

    assert services.sweep() == [Tally(KIND, 0, 0)]
    assert clones(license) == []


def test_two_sweeps_at_once_make_one(app: Flask, cast: Cast) -> None:
    licenses = [without_clone(cast, f"Pack {number}") for number in range(5)]

    both = twice_at_once(app, services.sweep)

    assert [clones(license) for license in licenses] == [[True]] * 5
    assert sum(tally.mended for tallies in both for tally in tallies) == 5


def test_one_that_fails_holds_up_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (without_clone(cast, title) for title in ("Broken", "Sound"))
    clone = services._clone

    def clone_unless_broken(license: License, *arguments: object, **more: object) -> Clone:
        if license.id == broken.id:
            raise LookupError("the version is gone")
        return clone(license, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_clone", clone_unless_broken)
    with caplog.at_level(logging.CRITICAL):
        assert services.sweep() == [Tally(KIND, 2, 1)]

    assert (clones(broken), clones(sound)) == ([], [True])
