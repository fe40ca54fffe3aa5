"""Looking for what may be people gaming the pool. It flags for operators and withholds nothing: they decide.

Each kind is one statement over a month's log. What was found before is found again with its newest figures; who looked
at it stays looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Membership, Person
from storefront.copies import pool
from storefront.copies.models import Copy, PoolFlag
from storefront.copies.months import month_of, start_of
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.inserts import insert_into
from storefront.kit.periodic import Tally

BURST, TIMES = 20, 5  # copies of a workspace in a day, and how often its average of the month's other days
FRESH = timedelta(days=7)  # before the month; who joined since then is new
NEWCOMERS, FEW, MOSTLY = 3, 5, 80  # accounts, copies by each, and how much of theirs is one workspace's, in percent
FIGURES = ("people", "copies", "amount")
Row = dict[str, Any]


def watch() -> list[Tally]:
    """Look at this month and, until it is closed, the one before."""
    now = clock.now()
    months = sorted({month_of(now), *pool.open_months(now)})
    with step():
        return [Tally("signs of gaming the pool", sum(look(month) for month in months), 0)]


def look(month: str) -> int:
    """Flag what a month shows. How much that is, what was flagged before included."""
    found = [*_rings(month), *_bursts(month), *_newcomers(month)]
    for row in found:
        flag = insert_into(PoolFlag).values(month=month, found_at=clock.now(), **row)
        newest = {name: flag.excluded[name] for name in FIGURES}
        db.session.execute(flag.on_conflict_do_update(index_elements=["month", "kind", "key"], set_=newest))
    return len(found)


def mark(flag: PoolFlag, *, by: Person) -> None:
    """An operator looked at it. What they do about it, they do elsewhere."""
    if flag.looked_at is None:
        flag.looked_at, flag.looked_by_id = clock.now(), by.id
        record("pool.flag_looked_at", flag, by=by, month=flag.month, kind=flag.kind)


def _counted(month: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (Copy.month == month, Copy.amount > 0)


def _rings(month: str) -> Iterator[Row]:
    """Two people, each of whom copied works of a workspace that the other is in."""
    sums = (sa.func.count().label("copies"), sa.func.sum(Copy.amount).label("amount"), sa.func.min(Copy.currency))
    pairs = (
        sa.select(Copy.person_id.label("by"), Membership.person_id.label("of"), *sums[:2], sums[2].label("currency"))
        .join(Membership, Membership.workspace_id == Copy.workspace_id)
        .where(*_counted(month), Membership.role != "viewer", Membership.person_id != Copy.person_id)
        .group_by(Copy.person_id, Membership.person_id)
        .cte("pairs")
    )
    back = pairs.alias("back")
    query = sa.select(
        pairs.c.by, pairs.c.of, pairs.c.copies + back.c.copies, pairs.c.amount + back.c.amount, pairs.c.currency
    ).join(back, sa.and_(back.c.by == pairs.c.of, back.c.of == pairs.c.by, pairs.c.by < pairs.c.of))
    for one, other, copies, amount, currency in db.session.execute(query):
        yield _row("ring", f"{one}:{other}", (2, copies, amount), currency, person_id=one, other_id=other)


def _bursts(month: str) -> Iterator[Row]:
    """Days on which a workspace was copied far more often than on the month's other days."""
    day = sa.func.substr(sa.cast(Copy.at, sa.String), 1, 10)
    days = (
        sa.select(
            Copy.workspace_id, day.label("day"), sa.func.count().label("copies"),
            sa.func.sum(Copy.amount).label("amount"), sa.func.count(Copy.person_id.distinct()).label("people"),
            sa.func.min(Copy.currency).label("currency"),
        )
        .where(*_counted(month))
        .group_by(Copy.workspace_id, day)
        .cte("days")
    )  # fmt: skip
    copied = sa.func.sum(days.c.copies).label("copies")
    whole = sa.select(days.c.workspace_id, copied).group_by(days.c.workspace_id).subquery("whole")
    others = _days_so_far(month) - 1
    if not others:
        return
    query = (
        sa.select(days)
        .join(whole, whole.c.workspace_id == days.c.workspace_id)
        .where(days.c.copies >= BURST, days.c.copies * others >= TIMES * (whole.c.copies - days.c.copies))
    )
    for row in db.session.execute(query):
        figures = (row.people, row.copies, row.amount)
        key = f"{row.workspace_id}:{row.day}"
        yield _row("burst", key, figures, row.currency, workspace_id=row.workspace_id, day=row.day)


def _days_so_far(month: str) -> int:
    """How many days of a month have begun."""
    now = clock.now()
    return now.day if month_of(now) == month else 30


def _newcomers(month: str) -> Iterator[Row]:
    """New accounts that copy hardly anything but the works of one workspace, several of them for the same one."""
    mine = sa.func.count().label("copies")
    each = (
        sa.select(
            Copy.workspace_id, Copy.person_id, mine, sa.func.sum(Copy.amount).label("amount"),
            sa.func.min(Copy.currency).label("currency"),
            sa.func.sum(sa.func.count()).over(partition_by=Copy.person_id).label("all"),
        )
        .where(*_counted(month))
        .group_by(Copy.workspace_id, Copy.person_id)
        .subquery("each")
    )  # fmt: skip
    fresh = Person.joined_at >= start_of(month) - FRESH
    query = (
        sa.select(
            each.c.workspace_id, sa.func.count().label("people"), sa.func.sum(each.c.copies).label("copies"),
            sa.func.sum(each.c.amount).label("amount"), sa.func.min(each.c.currency).label("currency"),
        )
        .join(Person, Person.id == each.c.person_id)
        .where(fresh, each.c.copies >= FEW, each.c.copies * 100 >= each.c["all"] * MOSTLY)
        .group_by(each.c.workspace_id)
        .having(sa.func.count() >= NEWCOMERS)
    )  # fmt: skip
    for row in db.session.execute(query):
        figures = (row.people, row.copies, row.amount)
        yield _row("newcomers", str(row.workspace_id), figures, row.currency, workspace_id=row.workspace_id)


def _row(kind: str, key: str, figures: tuple[Any, Any, Any], currency: str, **subject: Any) -> Row:
    sums = {name: int(figure) for name, figure in zip(FIGURES, figures, strict=True)}
    nobody = {"workspace_id": None, "person_id": None, "other_id": None, "day": ""}
    return {"kind": kind, "key": key, "currency": currency, **sums, **nobody, **subject}
