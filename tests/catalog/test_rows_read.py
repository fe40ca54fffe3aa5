"""A catalog page reads as much from twenty thousand listings as from two thousand.

SQLite counts the steps of its virtual machine, PostgreSQL the rows that every node of the plan it ran has read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from storefront.catalog.browse import PAGE, browse
from storefront.catalog.filters import Filters, read_filters
from storefront.catalog.walk import Place
from storefront.kit.db import db
from tests.cast import Cast
from tests.catalog.bulk import add_listings

SMALL, LARGE = 2_000, 20_000
FAR = 500
MOST = 1.5

ASKED = (
    "",
    "sort=newest",
    "sort=price_asc",
    "sort=price_desc",
    "tag=tenth",
    "tag=rare&sort=newest",
    "tag=half&not=tenth&price=free",
    "kind=pack,flow&price=paid&model=gpt",
    "kind=pack&price=paid&tag=tenth&sort=price_asc",
    "price=free&tag=half&sort=price_desc",
    "q=common",
    "q=common&sort=newest&kind=flow",
    "q=work+every&price=paid",
)


def test_a_page_reads_no_more_from_a_larger_catalog(app: Flask, cast: Cast) -> None:
    add_listings(cast.alice, 1, SMALL)
    refresh_statistics()
    small = {asked: rows_read(asked) for asked in ASKED}
    deep_small = {asked: rows_read(asked, deep=True) for asked in ASKED}
    add_listings(cast.alice, SMALL + 1, LARGE)
    refresh_statistics()
    large = {asked: rows_read(asked) for asked in ASKED}
    deep_large = {asked: rows_read(asked, deep=True) for asked in ASKED}

    grown = {asked: large[asked] / small[asked] for asked in ASKED}
    grown |= {f"{asked}, far in": deep_large[asked] / deep_small[asked] for asked in ASKED}
    assert {asked: round(factor, 2) for asked, factor in grown.items() if factor > MOST} == {}


def rows_read(asked: str, *, deep: bool = False) -> int:
    """What one page costs: the first, or with ``deep`` one far in."""
    filters = read_filters(MultiDict(parse_qsl(asked)))
    after = far_in(filters) if deep else ""
    with measured_reads() as reads:
        results = browse(filters, after)
        read = reads()
    assert len(results.rows) == PAGE
    db.session.rollback()
    return read


def far_in(filters: Filters) -> str:
    """The place after the first five hundred that match, or half way where they are fewer."""
    found = browse(filters, limit=FAR)
    row = found.rows[len(found.rows) // 2]
    return found.next or Place(filters.sort, 0, row.key, row.id, len(found.rows) // 2).cursor


def refresh_statistics() -> None:
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE listings, listing_facets, facet_counts, workspaces")


@contextmanager
def measured_reads() -> Iterator[Callable[[], int]]:
    """Measures what is read inside; the yielded function tells how much it was."""
    measure = sqlite_steps if db.engine.dialect.name == "sqlite" else postgresql_rows
    with measure() as reads:
        yield reads


@contextmanager
def sqlite_steps() -> Iterator[Callable[[], int]]:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    raw: Any = db.session.connection().connection.driver_connection
    raw.set_progress_handler(step, 1)
    try:
        yield lambda: steps
    finally:
        raw.set_progress_handler(None, 1)


@contextmanager
def postgresql_rows() -> Iterator[Callable[[], int]]:
    ran: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            ran.append((statement, parameters))

    def rows() -> int:
        sa.event.remove(db.engine, "before_cursor_execute", remember)
        explained = [
            db.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            for statement, parameters in ran
        ]
        return sum(node_rows(plan.scalar_one()[0]["Plan"]) for plan in explained)

    sa.event.listen(db.engine, "before_cursor_execute", remember)
    yield rows


def node_rows(node: dict[str, Any]) -> int:
    """Rows that a node gave and those it read in vain, times how often it ran, with all nodes below it."""
    counted = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    read = sum(node.get(name, 0) for name in counted)
    below = sum(node_rows(child) for child in node.get("Plans", ()))
    return int(read * node["Actual Loops"]) + below
