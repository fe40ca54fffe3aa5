"""Jobs: announced as a row in the caller's transaction, run later by huey, swept after a crash.

The row is the truth and huey only carries its id, so a job is neither lost when a process dies between
commit and queue nor run for a transaction that was rolled back. A job may run twice: handlers are idempotent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app, g
from huey import MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.storage import PostgresStorage
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit import clock
from storefront.kit.db import Model, db, engine_options, step
from storefront.kit.periodic import Periodic, Tally, run_periodic

log = logging.getLogger(__name__)

EXTENSION = "jobs"
LEASE = timedelta(minutes=5)  # how long one worker may hold a job before another may take it
LOST = timedelta(minutes=1)  # how old a waiting job is before the sweep hands it over again
GIVE_UP = 12  # attempts; with the pauses below about fourteen hours
KEEP = timedelta(days=7)  # finished jobs stay this long, for operators


@dataclass(frozen=True)
class Job:
    """Something to do later. ``run`` is called with the announced arguments in one transaction;
    with ``own_steps`` outside any, and it makes its own: for jobs that call another service."""

    name: str
    run: Callable[..., object]
    own_steps: bool = False


class AnnouncedJob(Model):
    """One announced job. ``done_at`` is set in the transaction that did it, where it has only one."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.Index("ix_jobs_waiting", "run_at", postgresql_where=sa.text("done_at IS NULL"),
                 sqlite_where=sa.text("done_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    arguments: Mapped[dict[str, Any]]
    announced_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)


@dataclass
class Registry:
    jobs: dict[str, Job]
    periodic: Sequence[Periodic]
    queue: Huey
    hand_over: Callable[[int], Any]


def init_jobs(app: Flask, jobs: Sequence[Job], periodic: Sequence[Periodic]) -> None:
    queue = make_queue(app.config["JOBS_URL"])

    def run(job_id: int) -> None:
        with app.app_context():
            run_job(job_id)

    hand_over = queue.task(name="run")(run)
    work = (Periodic("jobs.sweep", sweep_jobs, does="Queues jobs that nobody has begun"), *periodic)
    app.extensions[EXTENSION] = Registry({job.name: job for job in jobs}, work, queue, hand_over)
    for each in work:
        queue.periodic_task(crontab(**each.at), name=each.name)(_in_context(app, each))


def _in_context(app: Flask, each: Periodic) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            run_periodic(each)

    return run


class QueueTables(PostgresStorage):  # type: ignore[misc]  # huey ships no types
    """PostgreSQL's queue. Its tables are made at the first use, so that the shop starts while its database is away.

    The connection is kept, so that the first to use it after the database was started anew finds it broken.
    """

    made = False

    def _connect(self) -> Any:
        connection = super()._connect()
        if not self.made:
            for statement in self.ddl:
                connection.execute(statement)
            self.made = True
        return connection

    _create_connection = _connect

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        try:
            super().enqueue(data, priority)
        except psycopg.OperationalError:
            super().enqueue(data, priority)


def make_queue(url: str) -> Huey:
    """The queue that ``JOBS_URL`` names: SQLite, PostgreSQL, Redis, or memory for tests."""
    if url.startswith("memory://"):
        return MemoryHuey("storefront")
    if url.startswith("redis"):
        return RedisHuey("storefront", url=url)
    if url.startswith("postgresql"):
        address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        return Huey("storefront", storage_class=QueueTables, dsn=address, create_tables=False)
    database = make_url(engine_options(url)["url"]).database
    return SqliteHuey("storefront", filename=database)


def registry() -> Registry:
    found: Registry = current_app.extensions[EXTENSION]
    return found


def announce(name: str, *, after: timedelta = timedelta(0), **arguments: Any) -> AnnouncedJob:
    """Ask for the job ``name`` with JSON-able arguments. It happens if, and only if, the transaction commits.

    Raises KeyError for a job that no slice declares.
    """
    if name not in registry().jobs:
        raise KeyError(f"no slice declares the job {name!r}")
    now = clock.now()
    job = AnnouncedJob(name=name, arguments=arguments, announced_at=now, run_at=now + after)
    db.session.add(job)
    g.setdefault("announced", []).append(job)
    return job


def hand_over_announced() -> None:
    """Give the committed announcements to the queue. What fails here the sweep picks up."""
    for job in g.pop("announced", []):
        was_rolled_back = not sa.inspect(job).persistent
        if was_rolled_back or job.run_at > clock.now():
            continue
        try:
            registry().hand_over(job.id)
        except Exception:
            log.exception("job %s was kept but not queued", job.id)


def run_job(job_id: int) -> bool:
    """Run one announced job if it is due and nobody else holds it. True if it ran to its end."""
    now = clock.now()
    with step():
        job = _lease(job_id, now)
        if job is None:
            return False
        name, arguments = job.name, job.arguments
    try:
        _do(registry().jobs[name], job_id, arguments)
    except Exception as error:
        log.exception("job %s %s failed", job_id, name)
        db.session.rollback()
        with step():
            _put_back(job_id, error)
        return False
    return True


def _do(job: Job, job_id: int, arguments: dict[str, Any]) -> None:
    if job.own_steps:
        job.run(**arguments)
        with step():
            _finish(job_id)
        return
    with step():
        job.run(**arguments)
        _finish(job_id)


def _lease(job_id: int, now: datetime) -> AnnouncedJob | None:
    free = sa.or_(AnnouncedJob.leased_until.is_(None), AnnouncedJob.leased_until < now)
    leased = (
        sa.update(AnnouncedJob)
        .where(AnnouncedJob.id == job_id, AnnouncedJob.done_at.is_(None), free, AnnouncedJob.run_at <= now)
        .values(leased_until=now + LEASE, attempts=AnnouncedJob.attempts + 1)
        .returning(AnnouncedJob)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(leased).one_or_none()


def _finish(job_id: int) -> None:
    # The arguments may hold a message to somebody: they go once they are of no use.
    done: dict[str, Any] = {"done_at": clock.now(), "leased_until": None, "error": None, "arguments": {}}
    db.session.execute(sa.update(AnnouncedJob).where(AnnouncedJob.id == job_id).values(**done))


def _put_back(job_id: int, error: Exception) -> None:
    job = db.session.get_one(AnnouncedJob, job_id, populate_existing=True)
    job.error = f"{type(error).__name__}: {error}"[:2000]
    job.leased_until = None
    job.run_at = clock.now() + timedelta(seconds=min(15 * 2**job.attempts, 6 * 3600))


def try_again(job_id: int) -> bool:
    """Have a job run now that waits for its next attempt or was given up. False if it is done or being done."""
    now = clock.now()
    free = sa.or_(AnnouncedJob.leased_until.is_(None), AnnouncedJob.leased_until < now)
    again = (
        sa.update(AnnouncedJob)
        .where(AnnouncedJob.id == job_id, AnnouncedJob.done_at.is_(None), free)
        .values(attempts=0, run_at=now, leased_until=None)
        .returning(AnnouncedJob)
        .execution_options(populate_existing=True)
    )
    job = db.session.scalars(again).one_or_none()
    if job is not None:
        g.setdefault("announced", []).append(job)
    return job is not None


def due_jobs(*, waiting_for: timedelta = timedelta(0)) -> dict[int, int]:
    """How often each job that is due was tried, by id, oldest first, leaving out those leased or given up."""
    now = clock.now()
    due = (
        sa.select(AnnouncedJob.id, AnnouncedJob.attempts)
        .where(
            AnnouncedJob.done_at.is_(None),
            AnnouncedJob.run_at <= now - waiting_for,
            AnnouncedJob.attempts < GIVE_UP,
            sa.or_(AnnouncedJob.leased_until.is_(None), AnnouncedJob.leased_until < now),
        )
        .order_by(AnnouncedJob.run_at)
        .limit(500)
    )
    return {row.id: row.attempts for row in db.session.execute(due)}


def sweep_jobs() -> list[Tally]:
    """Hand over what a crash left between commit and queue and what is to be tried again; forget what was done
    long ago."""
    lost = due_jobs(waiting_for=LOST)
    with step():
        old = sa.delete(AnnouncedJob).where(AnnouncedJob.done_at < clock.now() - KEEP)
        db.session.execute(old)
    for job_id in lost:
        registry().hand_over(job_id)
    tried = sum(attempts > 0 for attempts in lost.values())
    new = len(lost) - tried
    return [Tally("jobs that no worker had begun", new, new), Tally("jobs to try again", tried, tried)]


def run_due_jobs() -> int:
    """Run everything that is due, also what that announces, in this process. Returns how many ran.

    For tests and for commands that should not need a worker.
    """
    ran = 0
    while due := due_jobs():
        ran += sum(run_job(job_id) for job_id in due)
    return ran


def run_worker(app: Flask, *, workers: int) -> None:
    """Work through the queue until a signal comes."""
    queue: Huey = app.extensions[EXTENSION].queue
    consumer: Consumer = queue.create_consumer(workers=workers, worker_type="thread", max_delay=1.0)
    consumer.run()
