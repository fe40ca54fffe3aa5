"""Sealing: every posting once, while others write on; balances stay what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from storefront.accounts.models import Workspace
from storefront.kit import migrations
from storefront.kit.db import db, settle_reads
from storefront.ledger import sealing
from storefront.ledger.checking import find_faults
from storefront.ledger.keys import keys
from storefront.ledger.models import Posting, Rollup, Seal, SealedPosting, UnsealedPosting
from tests.at_once import all_at_once, twice_at_once
from tests.cast import Cast
from tests.conftest import make_app
from tests.ledger.worlds import balance, sell

WRITERS, SALES = 8, 10


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_what_is_sealed_waits_no_more_and_balances_stay(app: Flask, cast: Cast) -> None:
    hers = cast.workspace(cast.alice)
    for number in range(3):
        sell(hers, f"ord_{number}")
    before = balance(hers)

    assert sealing.seal_all() == 6

    assert (count(UnsealedPosting), count(SealedPosting), count(Rollup)) == (0, 6, 2)
    sell(hers, "ord_9")
    assert balance(hers).held == before.held + 1020
    assert sealing.seal_all() == 2
    assert balance(hers).held == before.held + 1020
    assert sealing.seal_all() == 0


def test_a_long_queue_is_sealed_in_batches_that_follow_each_other(app: Flask, cast: Cast) -> None:
    for number in range(5):
        sell(cast.workspace(cast.alice), f"ord_{number}")
    while sealing.seal_batch(keys(), most=4):
        settle_reads()

    seals = db.session.scalars(sa.select(Seal).order_by(Seal.number)).all()
    assert [(seal.number, seal.postings, seal.posting_ids) for seal in seals] == [
        (1, 4, "1-4"),
        (2, 4, "5-8"),
        (3, 2, "9-10"),
    ]
    assert [seal.previous for seal in seals] == [sealing.GENESIS, seals[0].hash, seals[1].hash]


def test_two_who_seal_at_once_seal_once(app: Flask, cast: Cast) -> None:
    for number in range(5):
        sell(cast.workspace(cast.alice), f"ord_{number}")

    assert sorted(twice_at_once(app, sealing.seal_all))[-1] == 10

    assert (count(SealedPosting), count(UnsealedPosting)) == (10, 0)


@given(st.sets(st.integers(min_value=1, max_value=300), min_size=1))
def test_ids_written_as_ranges_are_read_again(ids: set[int]) -> None:
    assert sealing.ids_in(sealing.ranges(sorted(ids))) == ids


def test_eight_write_while_one_seals(make_database: Callable[..., str], tmp_path: Path) -> None:
    """Every posting is sealed once, and nobody who writes waits for the sealer: all write to one creator's account
    while it keeps a batch open, and go on while it seals."""
    app = make_app(tmp_path, database_url=make_database("postgresql", "sealing"))
    with app.app_context():
        migrations.upgrade(db.engine)
        cast = Cast()
        hers = cast.workspace(cast.alice)
        sell(hers, "ord_first")

        def writers(turn: str) -> list[Callable[[], int]]:
            return [partial(sell_some, hers, f"ord_{turn}_{number}") for number in range(WRITERS)]

        with in_the_middle_of_sealing(lambda: elsewhere(app, writers("held"))) as met:
            assert sealing.seal_batch(keys()) == 2
        assert met == [[SALES] * WRITERS]
        sales = 1 + 2 * WRITERS * SALES
        works: list[Callable[[], int]] = [*writers("beside"), partial(seal_until, 2 * sales - 2)]
        all_at_once(app, works)

        assert (count(Posting), count(SealedPosting), count(UnsealedPosting)) == (2 * sales, 2 * sales, 0)
        assert balance(hers).held == sales * 1020
        assert [fault for fault in find_faults(keys()) if "no license" not in fault] == []
        settle_reads()
        db.engine.dispose()


def elsewhere(app: Flask, works: list[Callable[[], int]]) -> list[int]:
    """Do ``works`` at once, from a thread whose session is not the one at hand."""

    def work() -> list[int]:
        with app.app_context():
            return all_at_once(app, works)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(60)


def sell_some(workspace: Workspace, prefix: str) -> int:
    for number in range(SALES):
        sell(workspace, f"{prefix}_{number}")
    return SALES


def seal_until(postings: int) -> int:
    """Seal little by little until so many are sealed."""
    sealed = 0
    while sealed < postings:
        sealed += sealing.seal_batch(keys(), most=10)
        settle_reads()
    return sealed


@contextmanager
def in_the_middle_of_sealing(work: Callable[[], object]) -> Iterator[list[object]]:
    """Do ``work`` while a sealer has written the last of its batch and not committed it. What it gave."""
    met: list[object] = []

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO rollups") and not met:
            met.append(work())

    sa.event.listen(db.engine, "after_cursor_execute", after)
    try:
        yield met
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", after)
