"""Jobs: announced with the transaction, run once, tried again, and never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from huey import RedisHuey

from storefront.kit import clock, jobs
from storefront.kit.db import db, outside, step
from storefront.kit.jobs import AnnouncedJob, Job, announce, run_due_jobs, run_job
from storefront.kit.periodic import Tally
from tests.at_once import twice_at_once

MoveClock = Callable[[timedelta], None]
MINUTE = timedelta(minutes=1)


class Notebook:
    """What the test's own jobs did."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.broken = False

    def write(self, line: str) -> None:
        self.lines.append(line)
        if self.broken:
            raise LookupError(f"no pencil for {line}")


@pytest.fixture
def notebook(app: Flask) -> Iterator[Notebook]:
    """Declares ``test.write`` and ``test.write_outside``, and empties the queue before and after."""
    notebook, registry = Notebook(), jobs.registry()
    own = Job("test.write", notebook.write), Job("test.write_outside", notebook.write, own_steps=True)
    registry.jobs.update({job.name: job for job in own})
    registry.queue.flush()
    yield notebook
    registry.queue.flush()
    for job in own:
        registry.jobs.pop(job.name, None)


def ask_for(line: str, name: str = "test.write", **more: Any) -> int:
    """Announce a job in a transaction of its own; returns its id."""
    with step():
        job = announce(name, line=line, **more)
    return job.id


def row(job_id: int) -> AnnouncedJob:
    return db.session.get_one(AnnouncedJob, job_id, populate_existing=True)


def queued() -> int:
    found: int = jobs.registry().queue.pending_count()
    return found


def test_a_job_waits_for_the_commit_and_is_then_handed_over(notebook: Notebook) -> None:
    with step():
        job = announce("test.write", line="hello")
        db.session.flush()
        assert queued() == 0

    assert queued() == 1
    task = jobs.registry().queue.dequeue()
    jobs.registry().queue.execute(task)
    assert notebook.lines == ["hello"]
    assert row(job.id).done_at is not None


def test_what_is_rolled_back_is_not_asked_for(notebook: Notebook) -> None:
    with pytest.raises(LookupError), step():
        announce("test.write", line="hello")
        db.session.flush()
        raise LookupError
    with step():
        announce("test.write", line="another")

    assert queued() == 1
    assert run_due_jobs() == 1
    assert notebook.lines == ["another"]


def test_a_job_nobody_declares_can_not_be_announced(notebook: Notebook) -> None:
    with pytest.raises(KeyError, match=r"test\.dance"):
        announce("test.dance")


def test_a_done_job_is_done_once_and_its_arguments_go(notebook: Notebook) -> None:
    job_id = ask_for("a secret")

    assert run_job(job_id)
    assert not run_job(job_id)
    assert run_due_jobs() == 0
    assert notebook.lines == ["a secret"]
    done = row(job_id)
    assert (done.arguments, done.error, done.leased_until, done.attempts) == ({}, None, None, 1)


def test_a_job_for_later_waits(notebook: Notebook, move_clock: MoveClock) -> None:
    job_id = ask_for("later", after=timedelta(hours=1))

    assert queued() == 0
    assert not run_job(job_id)
    move_clock(timedelta(hours=1))
    assert run_due_jobs() == 1
    assert notebook.lines == ["later"]


@pytest.mark.parametrize("name", ["test.write", "test.write_outside"])
def test_a_failing_job_is_put_back_with_its_error_and_a_growing_pause(
    notebook: Notebook, move_clock: MoveClock, name: str
) -> None:
    notebook.broken = True
    job_id, pauses = ask_for("hello", name), []
    for _attempt in range(4):
        assert not run_job(job_id)
        job = row(job_id)
        pauses.append(job.run_at - clock.now())
        move_clock(pauses[-1] + MINUTE)

    assert (job.attempts, job.leased_until, job.done_at) == (4, None, None)
    assert job.error == "LookupError: no pencil for hello"
    assert job.arguments == {"line": "hello"}
    assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses))
    notebook.broken = False
    assert run_job(job_id)
    assert row(job_id).error is None


def test_a_job_that_always_fails_is_given_up_but_kept(notebook: Notebook, move_clock: MoveClock) -> None:
    notebook.broken = True
    job_id = ask_for("hello")
    for _attempt in range(jobs.GIVE_UP + 3):
        run_due_jobs()
        move_clock(timedelta(hours=7))

    assert len(notebook.lines) == row(job_id).attempts == jobs.GIVE_UP
    assert row(job_id).error is not None


def test_what_a_failing_job_wrote_is_rolled_back(notebook: Notebook) -> None:
    def write_and_fail() -> None:
        announce("test.write", line="from a failing job")
        db.session.flush()
        raise LookupError

    jobs.registry().jobs["test.write"] = Job("test.write", write_and_fail)
    with step():
        failing = announce("test.write")
    assert not run_job(failing.id)

    assert db.session.scalars(sa.select(AnnouncedJob.id)).all() == [failing.id]


def test_a_failing_job_with_steps_of_its_own_is_put_back_whatever_it_left(notebook: Notebook) -> None:
    """It changed a row outside any step: that is lost, the job is not."""

    def change_and_fail(line: str) -> None:
        db.session.scalars(sa.select(AnnouncedJob)).one().error = line
        raise LookupError("left a mess")

    name = "test.write_outside"
    jobs.registry().jobs[name] = Job(name, change_and_fail, own_steps=True)
    job_id = ask_for("a row of its own", name)

    assert not run_job(job_id)
    assert notebook.lines == []
    assert row(job_id).error == "LookupError: left a mess"
    assert row(job_id).leased_until is None


def test_a_job_of_a_slice_that_is_gone_says_so(notebook: Notebook) -> None:
    job_id = ask_for("hello")
    del jobs.registry().jobs["test.write"]

    assert not run_job(job_id)
    assert "test.write" in (row(job_id).error or "")
    assert row(job_id).leased_until is None
    assert notebook.lines == []


def test_what_a_job_committed_in_steps_of_its_own_outlives_its_failure(notebook: Notebook) -> None:
    def ask_and_fail(line: str) -> None:
        with outside():
            notebook.write("asked somebody else")
        ask_for(line)
        raise LookupError

    name = "test.write_outside"
    jobs.registry().jobs[name] = Job(name, ask_and_fail, own_steps=True)
    failing = ask_for("kept", name)
    assert not run_job(failing)

    assert run_due_jobs() == 1
    assert notebook.lines == ["asked somebody else", "kept"]


def test_a_leased_job_is_not_run_by_another(app: Flask, notebook: Notebook) -> None:
    """One worker is in the middle of it when the other comes."""
    begun, finish = threading.Event(), threading.Event()

    def take_long(line: str) -> None:
        begun.set()
        finish.wait(30)
        notebook.write(line)

    name = "test.write_outside"
    jobs.registry().jobs[name] = Job(name, take_long, own_steps=True)
    job_id = ask_for("once", name)
    db.session.commit()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_own_context, app, job_id)
        begun.wait(30)
        second = run_job(job_id)
        finish.set()
        assert first.result(30)

    assert not second
    assert notebook.lines == ["once"]
    assert row(job_id).attempts == 1


def in_own_context(app: Flask, job_id: int) -> bool:
    with app.app_context():
        return run_job(job_id)


def test_two_workers_at_once_run_it_once(app: Flask, notebook: Notebook) -> None:
    ids = [ask_for(f"job {number}") for number in range(10)]
    db.session.commit()
    together = threading.Barrier(2)

    def worker() -> list[bool]:
        together.wait(30)
        return [in_own_context(app, job_id) for job_id in ids]

    with ThreadPoolExecutor(2) as pool:
        one, other = (pool.submit(worker) for _ in range(2))

    assert [a + b for a, b in zip(one.result(), other.result(), strict=True)] == [1] * len(ids)
    assert sorted(notebook.lines) == sorted(f"job {number}" for number in range(10))


def test_a_worker_that_died_loses_its_lease(notebook: Notebook, move_clock: MoveClock) -> None:
    job_id = ask_for("hello")
    with step():
        assert jobs._lease(job_id, clock.now()) is not None

    assert not run_job(job_id)
    move_clock(jobs.LEASE + MINUTE)
    assert run_due_jobs() == 1
    assert notebook.lines == ["hello"]
    assert row(job_id).attempts == 2


def test_the_sweep_finds_what_was_never_handed_over(app: Flask, notebook: Notebook, move_clock: MoveClock) -> None:
    """Committed, and then the process died."""
    with app.app_context():
        announce("test.write", line="hello")
        db.session.commit()
    assert queued() == 0

    jobs.sweep_jobs()
    assert queued() == 0
    move_clock(jobs.LOST + MINUTE)
    jobs.sweep_jobs()

    assert queued() == 1
    jobs.registry().queue.execute(jobs.registry().queue.dequeue())
    assert notebook.lines == ["hello"]


def test_a_queue_that_is_down_loses_nothing(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_job_id: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs.registry(), "hand_over", refuse)
    job_id = ask_for("hello")

    assert list(jobs.due_jobs()) == [job_id]
    assert run_due_jobs() == 1
    assert notebook.lines == ["hello"]


def test_every_queue_that_settings_may_name_can_be_used(tmp_path: Path, postgres: str) -> None:
    """Redis is only got ready: it is first spoken to when something is queued."""
    assert isinstance(jobs.make_queue("redis://127.0.0.1:1/0"), RedisHuey)
    for url in ("memory://", f"sqlite:///{tmp_path}/jobs.db", postgres, postgres.replace("+psycopg", "")):
        queue = jobs.make_queue(url)
        done: list[str] = []
        queue.task(name="do")(done.append)("something")
        queue.execute(queue.dequeue())

        assert done == ["something"]


def test_the_sweep_forgets_only_what_was_done_long_ago(notebook: Notebook, move_clock: MoveClock) -> None:
    old = ask_for("old")
    run_due_jobs()
    move_clock(jobs.KEEP)
    recent = ask_for("recent")
    run_due_jobs()
    waiting = ask_for("waiting", after=timedelta(days=30))
    move_clock(MINUTE)
    jobs.sweep_jobs()

    kept = set(db.session.scalars(sa.select(AnnouncedJob.id)))
    assert kept == {recent, waiting}
    assert old not in kept
    assert notebook.lines == ["old", "recent"]


def test_the_sweep_counts_what_is_new_and_what_failed_before(notebook: Notebook, move_clock: MoveClock) -> None:
    notebook.broken = True
    run_job(ask_for("failed once"))
    ask_for("never begun")
    move_clock(timedelta(minutes=5))

    assert jobs.sweep_jobs() == [Tally("jobs that no worker had begun", 1, 1), Tally("jobs to try again", 1, 1)]


def test_two_sweeps_at_once_run_a_job_once(app: Flask, notebook: Notebook, move_clock: MoveClock) -> None:
    ask_for("hello")
    jobs.registry().queue.flush()
    move_clock(jobs.LOST + MINUTE)

    twice_at_once(app, jobs.sweep_jobs)

    assert queued() == 2
    while queued():
        jobs.registry().queue.execute(jobs.registry().queue.dequeue())
    assert notebook.lines == ["hello"]


def test_a_job_that_was_given_up_can_be_tried_again(notebook: Notebook) -> None:
    job_id = ask_for("hello")
    with step():
        row(job_id).attempts = jobs.GIVE_UP
    assert run_due_jobs() == 0

    with step():
        assert jobs.try_again(job_id)

    assert run_due_jobs() == 1
    assert notebook.lines == ["hello"]
    with step():
        assert not jobs.try_again(job_id)
