"""What a workspace earned, month by month and sale by sale. Read by its members, who come through ``workspace_for``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.charts import Chart, Measure, Point
from storefront.kit.db import db
from storefront.kit.money import Money, money_brief
from storefront.kit.paging import Page, decode, encode
from storefront.kit.slices import ask
from storefront.ledger.chart import CREATOR_HELD, OF_WORKSPACE
from storefront.ledger.models import Earning, Posting, SealedPosting
from storefront.ledger.words import effect_of, part_of

MONTHS, PAGE, FEW = 12, 25, 5


@dataclass(frozen=True)
class Month:
    """What happened in a month (UTC), in minor units: sales, what they earned, what went back, what was paid, and
    ``other``: adjustments, and plans that were paid from the balance."""

    first: date
    sales: int = 0
    earned: int = 0
    back: int = 0
    paid: int = 0
    other: int = 0

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def is_empty(self) -> bool:
        return not (self.sales or self.earned or self.back or self.paid or self.other)


@dataclass(frozen=True)
class Year:
    """Twelve months in one currency, this one last."""

    currency: str
    months: Sequence[Month]

    @cached_property
    def chart(self) -> Chart:
        earned = Measure("Yours", "earned", "earned", lambda amount: money_brief(amount, self.currency))
        points = [Point(each.name, f"{each.first:%b}", each.sales, max(0, each.earned)) for each in self.months]
        return Chart(points, Measure("Sales", "sale", "sales"), earned)


@dataclass(frozen=True)
class Sale:
    """A sale and what is left of the creator's share of it."""

    id: str
    title: str
    sold_at: datetime
    fee: Money
    share: Money
    left: int
    matures_at: datetime
    matured_at: datetime | None

    @property
    def state(self) -> str:
        """A word that ``ui/status.html`` knows, or shows as it is."""
        if self.left <= 0:
            return "refunded"
        return "matured" if self.matured_at else "held"


@dataclass(frozen=True)
class Coming:
    """A day (UTC) on which shares become payable, and how much of them."""

    day: date
    amount: Money


def month_of(key: str) -> date:
    """The first day of a month written as ``2026-11``. Raises ValueError for anything else."""
    return datetime.strptime(key, "%Y-%m").replace(tzinfo=UTC).date()


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def last_months(many: int) -> list[date]:
    """The first days of so many months, the current one last."""
    found = [clock.now().date().replace(day=1)]
    while len(found) < many:
        earlier = found[0]
        found.insert(0, date(earlier.year - (earlier.month == 1), (earlier.month - 2) % 12 + 1, 1))
    return found


def years_of(workspace_id: int) -> dict[str, Year]:
    """The last twelve months of a workspace by currency, in one statement."""
    firsts = last_months(MONTHS)
    month = sa.func.substr(sa.cast(sa.func.date(Posting.at), sa.String), 1, 7)
    columns = (month, Posting.currency, Posting.kind, Posting.debit, Posting.credit)
    query = (
        sa.select(*columns, sa.func.sum(Posting.amount), sa.func.count())
        .where(Posting.workspace_id == workspace_id, Posting.at >= begin(firsts[0]))
        .group_by(*columns)
    )
    sums: dict[str, dict[str, dict[str, int]]] = {}
    for key, currency, kind, debit, credit, amount, count in db.session.execute(query):
        parts = sums.setdefault(currency, {}).setdefault(key, {})
        part = part_of(kind)
        effect = effect_of(debit, credit, int(amount))
        parts[part] = parts.get(part, 0) + (effect if part in ("earned", "other") else -effect)
        parts["sales"] = parts.get("sales", 0) + (count if kind == "sale.share" else 0)
    return {
        currency: Year(currency, [Month(first, **found.get(f"{first:%Y-%m}", {})) for first in firsts])
        for currency, found in sorted(sums.items())
    }


def coming_of(workspace_id: int) -> list[Coming]:
    """When held shares become payable, day by day, the next first."""
    day = sa.cast(sa.func.date(Earning.matures_at), sa.String)
    query = (
        sa.select(day, Posting.currency, _held())
        .join(Posting, Posting.earning_id == Earning.id)
        .where(Earning.workspace_id == workspace_id, Earning.matured_at.is_(None))
        .group_by(day, Posting.currency)
        .having(_held() > 0)
        .order_by(day)
    )
    return [Coming(date.fromisoformat(row[0]), Money(int(row[2]), row[1])) for row in db.session.execute(query)]


def sales_of(workspace_id: int, after: str | None = None) -> Page[Sale]:
    """A page of sales, the latest first. Raises BadRequest for a cursor that isn't ours."""
    sold = sa.select(Posting.id, Posting.earning_id, Posting.at).where(
        Posting.workspace_id == workspace_id, Posting.kind == "sale.share"
    )
    if after:
        sold = sold.where(Posting.id < decode(after, int)[0])
    rows = db.session.execute(sold.order_by(Posting.id.desc()).limit(PAGE + 1)).all()
    shown = [row.earning_id for row in rows[:PAGE]]
    found = {sale.id: sale for sale in _sales(shown)}
    page = [found[id] for id in shown]
    return Page(page, encode(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def sale_of(workspace_id: int, earning_id: str) -> Sale | None:
    """One sale of a workspace; None if it is not the workspace's."""
    earning = db.session.get(Earning, earning_id)
    if earning is None or earning.workspace_id != workspace_id:
        return None
    return next(iter(_sales([earning_id])), None)


def postings_of(sale: Sale) -> Sequence[Any]:
    """Everything that was booked about a sale, in order, with the seal that covers it."""
    query = (
        sa.select(
            Posting.id, Posting.at, Posting.kind, Posting.debit, Posting.credit, Posting.amount, Posting.currency,
            SealedPosting.seal_number,
        )
        .outerjoin(SealedPosting, SealedPosting.posting_id == Posting.id)
        .where(Posting.earning_id == sale.id)
        .order_by(Posting.id)
    )  # fmt: skip
    return db.session.execute(query).all()


def _sales(ids: Sequence[str]) -> list[Sale]:
    sold = {
        "fee": _sum(Posting.kind == "sale.fee"),
        "share": _sum(Posting.kind == "sale.share"),
        "taken": _sum(sa.and_(Posting.kind.in_(TAKEN), Posting.debit.in_(OF_WORKSPACE)))
        - _sum(sa.and_(Posting.kind.in_(GIVEN), Posting.credit.in_(OF_WORKSPACE))),
    }
    query = (
        sa.select(
            Earning.id, Earning.matures_at, Earning.matured_at, Posting.currency, sa.func.min(Posting.at).label("at"),
            *(part.label(name) for name, part in sold.items()),
        )
        .join(Posting, Posting.earning_id == Earning.id)
        .where(Earning.id.in_(ids))
        .group_by(Earning.id, Earning.matures_at, Earning.matured_at, Posting.currency)
    )  # fmt: skip
    titles = {id: title for found in ask("earnings.titles", ids) for id, title in found.items()}
    return [
        Sale(
            id=row.id, title=titles.get(row.id, row.id), sold_at=row.at, fee=Money(int(row.fee), row.currency),
            share=Money(int(row.share), row.currency), left=int(row.share) - int(row.taken),
            matures_at=row.matures_at, matured_at=row.matured_at,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


TAKEN = ("refund.share", "dispute_lost.share")
GIVEN = ("refund_failed.share",)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, Posting.amount), else_=0)), 0)


def _held() -> sa.ColumnElement[int]:
    return _sum(Posting.credit == CREATOR_HELD) - _sum(Posting.debit == CREATOR_HELD)
