"""What it costs to find what is due to every creator, beside the bare sum over all postings that it stands for."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock, migrations
from storefront.kit.db import db, settle_reads, step
from storefront.ledger import sealing
from storefront.ledger.chart import CREATOR_PAYABLE
from storefront.ledger.models import Posting
from storefront.ledger.queries import balances_due
from tests.conftest import make_app
from tests.postgres import running_postgres

ROUNDS = 7
TAIL = 100  # of so many postings, one is not sealed yet

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, {many})) ",
}
PEOPLE = """INSERT INTO people (id, email, name, active, fs_uniquifier, is_operator, plan, joined_at)
    {numbers}
    SELECT i, 'creator-' || i || '@example.com', 'Creator', true, 'u' || i, false, 'studio', :now FROM n"""
WORKSPACES = """INSERT INTO workspaces (id, kind, handle, name, role_line, about, owner_id, created_at)
    {numbers} SELECT i, 'personal', 'creator-' || i, 'Creator', '', '', i, :now FROM n"""
# A sale matures; of every ten, one is paid out. In turn for each creator, as it happens in a shop.
POSTINGS = """INSERT INTO postings
      (at, cause_kind, cause_id, kind, debit, credit, amount, currency, workspace_id, reference, note)
    {numbers} SELECT :now, 'order', 'ord_' || i,
      CASE WHEN i % 10 = 0 THEN 'payout.intent' WHEN i % 2 = 0 THEN 'earning.matured' ELSE 'sale.share' END,
      CASE WHEN i % 10 = 0 THEN 'creator_payable' WHEN i % 2 = 0 THEN 'creator_held' ELSE 'platform_cash' END,
      CASE WHEN i % 10 = 0 THEN 'payouts_in_transit' WHEN i % 2 = 0 THEN 'creator_payable' ELSE 'creator_held' END,
      1020, 'USD', 1 + (i / 10) % :creators, 'pi_' || i, '' FROM n"""


def payouts(folder: Path, creators: int, postings: int) -> dict[str, dict[str, float]]:
    """Milliseconds of the pass and of the bare aggregate on each engine, and seconds that sealing took before."""
    sqlite = nullcontext(f"sqlite:///{folder}/payouts.db")
    return {
        "SQLite": _on(sqlite, folder, creators, postings),
        "PostgreSQL": _on(running_postgres(), folder, creators, postings),
    }


def _on(server: Any, folder: Path, creators: int, postings: int) -> dict[str, float]:
    with server as url, make_app(folder, database_url=url).app_context():
        migrations.upgrade(db.engine)
        _fill(creators, postings - postings // TAIL)
        began = time.perf_counter()
        sealing.seal_all()
        sealed = time.perf_counter() - began
        _fill(0, postings // TAIL, creators)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        now = clock.now()
        assert {each.workspace_id: each.payable.amount for each in balances_due(now)} == _bare()
        times = by_turns({"one pass": lambda: balances_due(now), "bare": _bare})
        db.engine.dispose()
        return {**times, "sealed": sealed}


def _fill(people: int, postings: int, creators: int = 0) -> None:
    dialect = db.engine.dialect.name
    with step():
        for statement, many in ((PEOPLE, people), (WORKSPACES, people)):
            if many:
                _run(statement.format(numbers=NUMBERS[dialect].format(many=many)))
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Posting)) or 0
        text = POSTINGS.replace("'ord_' || i", f"'ord_' || (i + {before})")
        _run(text.format(numbers=NUMBERS[dialect].format(many=postings)), creators=people or creators)


def _run(text: str, **values: int) -> None:
    now = sa.bindparam("now", clock.now(), Posting.at.type)
    db.session.execute(sa.text(text).bindparams(now), values)


def _bare() -> dict[int, int]:
    """The sum that has to be known, straight from the postings."""
    change = sa.case((Posting.credit == CREATOR_PAYABLE, Posting.amount), else_=-Posting.amount)
    payable = sa.func.sum(change)
    query = (
        sa.select(Posting.workspace_id, Posting.currency, payable)
        .where(sa.or_(Posting.credit == CREATOR_PAYABLE, Posting.debit == CREATOR_PAYABLE))
        .group_by(Posting.workspace_id, Posting.currency)
        .having(payable > 0)
    )
    return {row[0]: int(row[2]) for row in db.session.execute(query)}


def by_turns(acts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median of each act's milliseconds on the wall: the database works in another process."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(ROUNDS):
        for name, act in acts.items():
            settle_reads()
            began = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - began) * 1000)
    settle_reads()
    return {name: median(each) for name, each in times.items()}
