"""The pool as operators see it: months that are closed, what each workspace got, and what was flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import aliased

from storefront.accounts.models import Person, Workspace
from storefront.copies.models import PoolFlag, PoolMonth, PoolRest, PoolStatement
from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.money import Money
from storefront.kit.paging import Page, decode, encode

MONTHS, PAGE = 12, 25


@dataclass(frozen=True)
class Closed:
    """A closed month in one currency: what ``workspaces`` were credited, what of it went back, what the shop kept."""

    month: str
    closed_at: datetime
    workspaces: int
    copies: int
    credited: Money
    returned: Money
    kept: Money


def months_page(after: str | None = None) -> Page[Closed]:
    """A page of closed months, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = sa.select(PoolMonth).order_by(PoolMonth.month.desc()).limit(MONTHS + 1)
    if after:
        query = query.where(PoolMonth.month < decode(after, str)[0])
    found = db.session.scalars(query).all()
    shown = found[:MONTHS]
    return Page(_closed(shown), encode(shown[-1].month) if len(found) > MONTHS else None)


def month_closed(month: str) -> list[Closed]:
    """One month, by currency; an empty list if nothing was paid in it. Raises NotFound for one that is not closed."""
    found = db.session.scalar(sa.select(PoolMonth).where(PoolMonth.month == month))
    if found is None:
        raise NotFound
    return _closed([found])


def _closed(months: Sequence[PoolMonth]) -> list[Closed]:
    names = [each.month for each in months]
    given, kept = _given(names), _kept(names)
    none = (0, 0, 0, 0)
    return [
        Closed(
            each.month, each.closed_at, *(sums := given.get((each.month, currency), none))[:2],
            Money(sums[2], currency), Money(sums[3], currency), Money(kept.get((each.month, currency), 0), currency),
        )
        for each in months
        for currency in sorted({key[1] for key in (*given, *kept) if key[0] == each.month})
    ]  # fmt: skip


def _given(months: Sequence[str]) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    sums = [sa.func.sum(part) for part in (PoolStatement.copies, PoolStatement.amount, PoolStatement.returned)]
    query = (
        sa.select(PoolStatement.month, PoolStatement.currency, sa.func.count(), *sums)
        .where(PoolStatement.month.in_(months))
        .group_by(PoolStatement.month, PoolStatement.currency)
    )
    rows = db.session.execute(query)
    return {(row[0], row[1]): (row[2], int(row[3]), int(row[4]), int(row[5])) for row in rows}


def _kept(months: Sequence[str]) -> dict[tuple[str, str], int]:
    query = sa.select(PoolRest).where(PoolRest.month.in_(months))
    return {(rest.month, rest.currency): rest.amount for rest in db.session.scalars(query)}


def statements_page(month: str, after: str | None = None) -> Page[Any]:
    """A page of what workspaces got of a month, in the order of their rows. Raises BadRequest for a cursor not ours."""
    query = statements_of(month)
    if after:
        workspace_id, currency = decode(after, int, str)
        same = sa.and_(PoolStatement.workspace_id == workspace_id, PoolStatement.currency > currency)
        query = query.where(sa.or_(PoolStatement.workspace_id > workspace_id, same))
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1][0].workspace_id, shown[-1][0].currency) if len(rows) > PAGE else None)


def statements_of(month: str) -> Any:
    """The SELECT of a month's statements, each with its workspace."""
    return (
        sa.select(PoolStatement, Workspace)
        .join(Workspace, Workspace.id == PoolStatement.workspace_id)
        .where(PoolStatement.month == month)
        .order_by(PoolStatement.workspace_id, PoolStatement.currency)
    )


def flags_page(after: str | None = None, *, looked_at: bool = False) -> Page[Any]:
    """A page of what was flagged and not looked at yet, or of what was, the newest first, with whom it is about."""
    one, other = aliased(Person), aliased(Person)
    query = (
        sa.select(PoolFlag, Workspace, one, other)
        .outerjoin(Workspace, Workspace.id == PoolFlag.workspace_id)
        .outerjoin(one, one.id == PoolFlag.person_id)
        .outerjoin(other, other.id == PoolFlag.other_id)
        .where(PoolFlag.looked_at.is_not(None) if looked_at else PoolFlag.looked_at.is_(None))
    )
    if after:
        query = query.where(PoolFlag.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(PoolFlag.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], encode(rows[PAGE - 1][0].id) if len(rows) > PAGE else None)


def flag_of(id: int) -> PoolFlag:
    """A flag, for an operator. Raises NotFound."""
    flag = db.session.get(PoolFlag, id)
    if flag is None:
        raise NotFound
    return flag


def concerns() -> list[Concern]:
    """Signs of gaming that nobody looked at. Nothing is withheld for them."""
    some = sa.select(PoolFlag.id).where(PoolFlag.looked_at.is_(None)).limit(MOST_COUNTED)
    count = len(db.session.scalars(some).all())
    url = url_for("pool_admin.flags")
    return [Concern("Signs of gaming the pool", count, "nothing is withheld", url, is_trouble=count > 0)]
