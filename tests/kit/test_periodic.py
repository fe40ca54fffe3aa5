"""Periodic work: what it found and mended is written down, also when it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from huey import crontab

from storefront.kit import clock, jobs
from storefront.kit.db import db
from storefront.kit.periodic import DAILY, KEEP, Mending, Periodic, PeriodicRun, Tally, run_periodic
from tests.at_once import twice_at_once

MoveClock = Callable[[timedelta], None]


def latest() -> PeriodicRun:
    return db.session.scalars(sa.select(PeriodicRun), execution_options={"populate_existing": True}).one()


def mendings() -> list[tuple[str, int, int]]:
    return [(row.kind, row.found, row.mended) for row in db.session.scalars(sa.select(Mending).order_by(Mending.id))]


def test_the_latest_run_is_known_and_what_was_mended_is_kept(app: Flask, move_clock: MoveClock) -> None:
    found = [Tally("broken cups", 3, 2), Tally("broken plates", 1, 0)]
    run_periodic(Periodic("test.mend", lambda: found))
    move_clock(timedelta(minutes=5))
    found = [Tally("broken cups", 0, 0), Tally("broken plates", 0, 0)]

    run_periodic(Periodic("test.mend", lambda: found))

    assert clock.now() - latest().ended_at < timedelta(minutes=1)
    assert latest().tallies[0] == {"kind": "broken cups", "found": 0, "mended": 0}
    assert mendings() == [("broken cups", 3, 2)]


def test_a_failure_is_written_down_and_raised(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        run_periodic(Periodic("test.mend", lambda: 1 / 0))  # type: ignore[arg-type,return-value]
    assert latest().error == "ZeroDivisionError: division by zero"

    run_periodic(Periodic("test.mend", lambda: None))
    assert (latest().error, latest().tallies) == ("", [])


def test_two_workers_at_once_leave_one_latest_run(app: Flask) -> None:
    twice_at_once(app, lambda: run_periodic(Periodic("test.mend", lambda: [Tally("broken cups", 1, 1)])))

    assert latest().name == "test.mend"
    assert mendings() == [("broken cups", 1, 1)] * 2


def test_what_was_mended_long_ago_is_forgotten(app: Flask, move_clock: MoveClock) -> None:
    run_periodic(Periodic("test.mend", lambda: [Tally("broken cups", 1, 1)]))
    move_clock(KEEP + timedelta(minutes=1))
    run_periodic(Periodic("test.mend", lambda: [Tally("broken plates", 1, 1)]))

    assert mendings() == [("broken plates", 1, 1)]


def test_the_worker_writes_down_every_run(app: Flask) -> None:
    """As huey calls it."""
    queue = jobs.registry().queue
    task = next(task for task in queue._registry.periodic_tasks if task.__class__.__name__ == "jobs.sweep")

    queue.execute(task)

    assert latest().name == "jobs.sweep"
    assert [tally["found"] for tally in latest().tallies] == [0, 0]


def test_what_is_due_every_day_comes_once_a_day() -> None:
    due = crontab(**Periodic("test.daily", list, minutes=DAILY).at)
    day = datetime(2026, 11, 26)  # noqa: DTZ001  # huey asks without a zone

    assert sum(due(day + timedelta(minutes=minute)) for minute in range(DAILY)) == 1
