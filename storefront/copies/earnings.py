"""What a workspace gets for copies, month by month, from sums that are kept: no page adds up the log.

Read by its members, who come through ``workspace_for``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from storefront.accounts.models import Workspace
from storefront.catalog.models import Listing
from storefront.copies.models import CopyTally, PoolMonth, PoolStatement
from storefront.copies.pool import credit_id
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.money import Money
from storefront.kit.paging import Page, decode, encode
from storefront.ledger.chart import CREATOR_PAYABLE, PAYOUTS_IN_TRANSIT
from storefront.ledger.models import Posting
from storefront.ledger.queries import balance_of

PAGE = 25
Status = Literal["open", "closed", "paid"]


@dataclass(frozen=True)
class MonthlyEarning:
    """What a workspace gets for the counted copies of a month, in minor units of ``currency``.

    An open one may change until it is closed; of a closed one ``returned`` went back since; a paid one has left the
    balance. Money leaves a balance in the order in which it came.
    """

    month: str
    currency: str
    copies: int
    credited: int
    returned: int
    status: Status
    closed_at: datetime | None = None

    @property
    def amount(self) -> Money:
        return Money(self.credited - self.returned, self.currency)


@dataclass(frozen=True)
class WorkCopies:
    """How often one listing was copied in a month, how many of those count, and what they credit."""

    listing_id: int
    title: str
    slug: str
    copies: int
    counted: int
    amount: Money


def monthly_earnings(workspace: Workspace) -> list[MonthlyEarning]:
    """Every month in which something of a workspace was copied and counted, the latest first."""
    found = sorted([*_open(workspace), *_closed(workspace)], key=lambda each: (each.month, each.currency), reverse=True)
    paid_through = {
        currency: _paid_through(workspace, currency, found) for currency in {each.currency for each in found}
    }
    return [
        replace(each, status="paid") if each.closed_at and each.month <= paid_through[each.currency] else each
        for each in found
    ]


def months_page(workspace: Workspace, after: str | None = None) -> Page[MonthlyEarning]:
    """A page of ``monthly_earnings``. Raises BadRequest for a cursor that isn't ours."""
    found = monthly_earnings(workspace)  # a row for each month that there was, so never many
    if after:
        last = tuple(decode(after, str, str))
        found = [each for each in found if (each.month, each.currency) < last]
    shown = found[:PAGE]
    return Page(shown, encode(shown[-1].month, shown[-1].currency) if len(found) > PAGE else None)


def earnings_of(workspace: Workspace, month: str) -> list[MonthlyEarning]:
    """What a month brought, by currency. Raises NotFound for a month without a counted copy."""
    found = [each for each in monthly_earnings(workspace) if each.month == month]
    if not found:
        raise NotFound
    return found


def works_page(workspace: Workspace, month: str, after: str | None = None) -> Page[WorkCopies]:
    """A page of what was copied in a month, what was copied most first. Raises BadRequest for a cursor not ours."""
    query = works_of(workspace, month)
    if after:
        counted, listing_id, currency = decode(after, int, int, str)
        tied = sa.and_(
            CopyTally.counted == counted,
            sa.or_(
                CopyTally.listing_id > listing_id,
                sa.and_(CopyTally.listing_id == listing_id, CopyTally.currency > currency),
            ),
        )
        query = query.where(sa.or_(CopyTally.counted < counted, tied))
    rows = [work_of(row) for row in db.session.execute(query.limit(PAGE + 1))]
    shown = rows[:PAGE]
    last = encode(shown[-1].counted, shown[-1].listing_id, shown[-1].amount.currency) if len(rows) > PAGE else None
    return Page(shown, last)


def works_of(workspace: Workspace, month: str) -> Any:
    """The SELECT of everything of a workspace that was copied in a month; ``work_of`` reads its rows."""
    columns = (CopyTally.listing_id, CopyTally.currency, CopyTally.copies, CopyTally.counted, CopyTally.amount)
    return (
        sa.select(*columns, Listing.title, Listing.slug)
        .join(Listing, Listing.id == CopyTally.listing_id)
        .where(CopyTally.workspace_id == workspace.id, CopyTally.month == month)
        .order_by(CopyTally.counted.desc(), CopyTally.listing_id, CopyTally.currency)
    )


def work_of(row: Any) -> WorkCopies:
    amount = Money(row.amount, row.currency)
    return WorkCopies(row.listing_id, row.title, row.slug, row.copies, row.counted, amount)


def _open(workspace: Workspace) -> list[MonthlyEarning]:
    closed = sa.select(PoolMonth.month)
    query = (
        sa.select(CopyTally.month, CopyTally.currency, sa.func.sum(CopyTally.counted), sa.func.sum(CopyTally.amount))
        .where(CopyTally.workspace_id == workspace.id, CopyTally.month.not_in(closed), CopyTally.counted > 0)
        .group_by(CopyTally.month, CopyTally.currency)
    )
    return [
        MonthlyEarning(month, currency, int(copies), int(amount), 0, "open")
        for month, currency, copies, amount in db.session.execute(query)
    ]


def _closed(workspace: Workspace) -> list[MonthlyEarning]:
    query = (
        sa.select(PoolStatement, PoolMonth.closed_at)
        .join(PoolMonth, PoolMonth.month == PoolStatement.month)
        .where(PoolStatement.workspace_id == workspace.id)
    )
    return [
        MonthlyEarning(each.month, each.currency, each.copies, each.amount, each.returned, "closed", closed_at)
        for each, closed_at in db.session.execute(query)
    ]


def _paid_through(workspace: Workspace, currency: str, months: list[MonthlyEarning]) -> str:
    """The latest month whose credit has left the balance; empty if none has.

    It has when no more is left than what came later. What came earlier has left before it, so the first found will do.
    """
    balance = balance_of(workspace.id).get(currency)
    left = balance.payable + balance.in_transit if balance else 0
    for each in months:
        if each.closed_at and each.currency == currency and _came_after(workspace, each) >= left:
            return each.month
    return ""


def _came_after(workspace: Workspace, earning: MonthlyEarning) -> int:
    """What became payable after the credit of a month, without payouts that came back."""
    credit = sa.select(Posting.id).where(
        Posting.cause_kind == "pool",
        Posting.cause_id == credit_id(earning.month, workspace.id, earning.currency),
        Posting.kind == "pool.share",
    )
    query = sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0)).where(
        Posting.workspace_id == workspace.id, Posting.currency == earning.currency, Posting.at >= earning.closed_at,
        Posting.id > credit.scalar_subquery(), Posting.credit == CREATOR_PAYABLE, Posting.debit != PAYOUTS_IN_TRANSIT,
    )  # fmt: skip
    return int(db.session.scalars(query).one())
