"""What closing a month of All-Access costs, beside the bare sum over its log that it stands for."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from storefront.copies import pool
from storefront.copies.models import Copy, PoolInvoice, PoolStatement
from storefront.kit import migrations
from storefront.kit.db import db, settle_reads, step
from storefront.subscriptions.models import SubscriptionInvoice
from tests.benchmarks.payouts import NUMBERS
from tests.conftest import make_app
from tests.postgres import running_postgres
from tests.rows import right_row

ROUNDS = 5
EACH = 100  # copies of a member
WORKS = 10  # of a creator; who copies one copies all of them
CREDIT = 7
BEFORE = "2026-09"
MONTH, START, END = "2026-10", datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)

LOG = """INSERT INTO copies (id, public_id, person_id, listing_id, version_id, workspace_id, month, reason, invoice_id,
      amount, currency, at)
    {numbers}, m(i, member, creator) AS (
      SELECT i, 1 + (i - 1) / {each}, ((i - 1) / {each} * 37 + (i - 1) % {each} / {works} * 7) % {creators} FROM n)
    SELECT i, 'cpy_' || i, member, 1 + creator * {works} + i % {works}, 1 + creator * {works} + i % {works},
      1 + creator, '{month}', '', member, {credit}, 'USD', :at FROM m"""


def closing(folder: Path, creators: int, copies: int) -> dict[str, dict[str, float]]:
    """Milliseconds of closing a month and of the bare aggregate, on each engine."""
    return {"SQLite": _on_sqlite(folder, creators, copies), "PostgreSQL": _on_postgresql(folder, creators, copies)}


def _on_sqlite(folder: Path, creators: int, copies: int) -> dict[str, float]:
    full = folder / "closing.db"
    with _shop(folder, f"sqlite:///{full}"):
        _fill(creators, copies)

    def another(number: int) -> str:
        return f"sqlite:///{shutil.copy(full, folder / f'closing-{number}.db')}"

    return _rounds(folder, another, copies)


def _on_postgresql(folder: Path, creators: int, copies: int) -> dict[str, float]:
    with running_postgres() as url:
        server = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

        def run(statement: str) -> None:
            with server.connect() as connection:
                connection.exec_driver_sql(statement)

        def another(number: int) -> str:
            run(f"CREATE DATABASE closing_{number} TEMPLATE closing")
            return url.replace("/postgres?", f"/closing_{number}?")

        run("CREATE DATABASE closing")
        with _shop(folder, url.replace("/postgres?", "/closing?")):
            _fill(creators, copies)
            db.session.rollback()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        return _rounds(folder, another, copies)


@contextmanager
def _shop(folder: Path, url: str) -> Iterator[None]:
    with make_app(folder, database_url=url).app_context():
        yield
        settle_reads()
        db.engine.dispose()


def _rounds(folder: Path, another: Callable[[int], str], copies: int) -> dict[str, float]:
    """Each round closes the month in a database of its own, after the sum has found the same there."""
    times: dict[str, list[float]] = {"bare": [], "close": []}
    for number in range(ROUNDS):
        with _shop(folder, another(number)):
            _bare()  # warms up, and so does closing a month with nothing in it
            assert pool.close(BEFORE)
            with _timed(times["bare"]):
                summed = _bare()
            with _timed(times["close"]):
                assert pool.close(MONTH)
            _assert_closed(summed, copies)
    return {name: median(each) for name, each in times.items()}


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    settle_reads()
    began = time.perf_counter()
    yield
    times.append((time.perf_counter() - began) * 1000)


def _bare() -> list[tuple[int, int, int]]:
    """What each payment credits to each creator: the workspaces, copies and amounts, straight from the log."""
    query = (
        sa.select(Copy.workspace_id, sa.func.count(), sa.func.sum(Copy.amount))
        .where(Copy.month == MONTH, Copy.amount > 0)
        .group_by(Copy.invoice_id, Copy.workspace_id)
        .subquery()
    )
    workspace, copies, amount = query.c
    summed = sa.select(workspace, sa.func.sum(copies), sa.func.sum(amount)).group_by(workspace)
    return [(row[0], int(row[1]), int(row[2])) for row in db.session.execute(summed)]


def _assert_closed(summed: list[tuple[int, int, int]], copies: int) -> None:
    columns = (PoolStatement.workspace_id, PoolStatement.copies, PoolStatement.amount)
    assert sorted(db.session.execute(sa.select(*columns))) == sorted(summed)
    members = copies // EACH
    given = sa.func.sum(PoolInvoice.credited + PoolInvoice.kept)
    settled = sa.select(sa.func.count(), given).where(PoolInvoice.settled_in == MONTH)
    assert tuple(map(int, db.session.execute(settled).one())) == (members, members * 1000)


def _fill(creators: int, copies: int) -> None:
    """A month in which every member has paid 1000 and made ``EACH`` copies."""
    migrations.upgrade(db.engine)
    members = copies // EACH
    with step():
        for table, many in (
            ("people", max(creators, members)), ("workspaces", creators), ("works", creators * WORKS),
            ("versions", creators * WORKS), ("listings", creators * WORKS), ("subscriptions", members),
            ("subscription_invoices", members),
        ):  # fmt: skip
            rows = [right_row(table, n) | _of_month(table, n) for n in range(1, many + 1)]
            db.session.execute(sa.insert(migrations.metadata().tables[table]), rows)
        if db.engine.dialect.name == "postgresql":  # the log is right as it is made, and need not be looked up
            db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        numbers = NUMBERS[db.engine.dialect.name].format(many=copies).rstrip()
        log = LOG.format(numbers=numbers, creators=creators, each=EACH, works=WORKS, month=MONTH, credit=CREDIT)
        db.session.execute(sa.text(log).bindparams(sa.bindparam("at", START, Copy.at.type)))
        # As copying leaves them: begun with the first copy, and changed with each.
        columns = ["invoice_id", "used", "credited", "kept", "currency"]
        nothing = sa.literal(0)
        begun = sa.select(SubscriptionInvoice.id, nothing, nothing, nothing, SubscriptionInvoice.currency)
        db.session.execute(sa.insert(PoolInvoice).from_select(columns, begun))
        db.session.execute(sa.update(PoolInvoice).values(used=EACH, credited=EACH * CREDIT))


def _of_month(table: str, n: int) -> dict[str, Any]:
    if table == "subscription_invoices":
        return {"paid_at": START, "period_start": START, "period_end": END}
    if table in ("works", "listings"):
        return {"workspace_id": 1 + (n - 1) // WORKS} | ({"cover": None} if table == "listings" else {})
    return {}
