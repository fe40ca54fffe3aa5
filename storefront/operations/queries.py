"""Reading how the shop does. Operators only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for

from storefront.kit import clock
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.jobs import GIVE_UP, AnnouncedJob, registry
from storefront.kit.paging import Page, decode, encode
from storefront.kit.periodic import Mending, Periodic, PeriodicRun
from storefront.kit.slices import ask

PAGE = 25
SILENCE = timedelta(minutes=3)  # a worker sweeps jobs every minute: one that is silent for longer is not there

UNDONE = AnnouncedJob.done_at.is_(None)
GIVEN_UP = sa.and_(UNDONE, AnnouncedJob.attempts >= GIVE_UP)
WAITING = sa.and_(UNDONE, AnnouncedJob.attempts < GIVE_UP)


@dataclass(frozen=True)
class Round:
    """One piece of periodic work and how it went the last time; ``run`` is None before the first."""

    work: Periodic
    run: PeriodicRun | None

    @property
    def is_late(self) -> bool:
        """Whether it should have come round by now; the clock of a queue strikes at whole minutes."""
        patience = timedelta(minutes=2 * self.work.minutes + 1)
        return self.run is not None and clock.now() - self.run.ended_at > patience

    @property
    def left(self) -> int:
        """How much of what the last run found it could not mend."""
        return sum(tally["found"] - tally["mended"] for tally in self.run.tallies) if self.run else 0


def rounds() -> list[Round]:
    """All periodic work in the order of the slices."""
    latest = {run.name: run for run in db.session.scalars(sa.select(PeriodicRun))}
    return [Round(work, latest.get(work.name)) for work in registry().periodic]


def last_sign(seen: Sequence[Round]) -> datetime | None:
    """When a worker last did anything that comes round; None if none ever did."""
    return max((each.run.ended_at for each in seen if each.run), default=None)


def is_silent(last: datetime | None) -> bool:
    return last is None or clock.now() - last > SILENCE


def jobs_page(state: str, after: str | None = None) -> Page[Any]:
    """A page of jobs that were given up or that wait, the newest first. What they are asked to do stays unread.

    Raises BadRequest for a cursor that isn't ours.
    """
    query = sa.select(
        AnnouncedJob.id, AnnouncedJob.name, AnnouncedJob.attempts, AnnouncedJob.announced_at, AnnouncedJob.run_at,
        AnnouncedJob.leased_until, AnnouncedJob.error,
    ).where(WAITING if state == "waiting" else GIVEN_UP)  # fmt: skip
    if after:
        query = query.where(AnnouncedJob.id < decode(after, int)[0])
    return _page(db.session.execute(query.order_by(AnnouncedJob.id.desc()).limit(PAGE + 1)).all())


def mendings_page(after: str | None = None) -> Page[Any]:
    """A page of what sweeps mended, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = sa.select(Mending.id, Mending.at, Mending.kind, Mending.found, Mending.mended)
    if after:
        query = query.where(Mending.id < decode(after, int)[0])
    return _page(db.session.execute(query.order_by(Mending.id.desc()).limit(PAGE + 1)).all())


def concerns() -> list[Concern]:
    """What waits, in every slice; those that nobody needs to see to come last."""
    found = [concern for answer in ask("health.concerns") for concern in answer]
    return sorted(found, key=lambda each: not each.is_trouble)


def job_concerns() -> list[Concern]:
    """Jobs that are due, and jobs that were given up: one statement."""
    now = clock.now()
    due = sa.and_(WAITING, AnnouncedJob.run_at <= now)
    oldest = sa.select(sa.func.min(AnnouncedJob.run_at)).where(due).scalar_subquery()
    row = db.session.execute(sa.select(_capped(due), _capped(GIVEN_UP), oldest)).one()
    waiting, given_up, since = row
    minutes = int((now - since).total_seconds() // 60) if since else 0
    spelled = f"{minutes} {'minute' if minutes == 1 else 'minutes'}" if minutes else "less than a minute"
    meaning = f"the oldest for {spelled}" if waiting else "none is due"
    return [
        Concern("Jobs due", waiting, meaning, url_for("health.jobs", state="waiting")),
        Concern(
            "Jobs given up", given_up, f"failed {GIVE_UP} times", url_for("health.jobs"), is_trouble=given_up > 0
        ),
    ]  # fmt: skip


def trouble() -> int:
    """How many jobs were given up, and one more if no worker gives a sign: what the menu counts."""
    given_up, last = db.session.execute(
        sa.select(_capped(GIVEN_UP), sa.select(sa.func.max(PeriodicRun.ended_at)).scalar_subquery())
    ).one()
    return int(given_up) + is_silent(last)


def _capped(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    some = sa.select(AnnouncedJob.id).where(condition).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _page(rows: Sequence[Any]) -> Page[Any]:
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1].id) if len(rows) > PAGE else None)
