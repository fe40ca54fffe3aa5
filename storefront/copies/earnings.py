"""What a workspace gets for copies, month by month, from sums that are kept: no page adds up the log.

Read by its members, who come through ``workspace_for``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from storefront.accounts.models import Workspace
from storefront.copies.models import CopyTally, PoolMonth, PoolStatement
from storefront.kit.db import db
from storefront.kit.money import Money
from storefront.ledger.chart import CREATOR_PAYABLE, PAYOUTS_IN_TRANSIT
from storefront.ledger.models import Posting
from storefront.ledger.queries import balance_of

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
        Posting.cause_id == f"{earning.month}:{workspace.id}",
        Posting.kind == "pool.share",
    )
    query = sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0)).where(
        Posting.workspace_id == workspace.id, Posting.currency == earning.currency, Posting.at >= earning.closed_at,
        Posting.id > credit.scalar_subquery(), Posting.credit == CREATOR_PAYABLE, Posting.debit != PAYOUTS_IN_TRANSIT,
    )  # fmt: skip
    return int(db.session.scalars(query).one())
