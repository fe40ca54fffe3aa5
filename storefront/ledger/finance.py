"""The shop's own books at a glance. Operators only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.kit.money import Money
from storefront.ledger.chart import CHART, PLATFORM_CASH, PLATFORM_REVENUE, REFUNDS, STRIPE_FEES, AccountKind
from storefront.ledger.earnings import begin, last_months
from storefront.ledger.models import Posting, Seal, UnsealedPosting
from storefront.ledger.queries import flows

MONTHS = 6
FROM_BUYERS = (
    "sale.fee", "sale.share", "sale.tax", "unwanted.paid", "plan.paid", "plan.tax", "pass.paid", "pass.tax",
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """What an account of the shop, or those of all workspaces together, holds on the side on which it grows."""

    kind: AccountKind
    standing: Money


@dataclass(frozen=True)
class Books:
    """The trial balance in one currency."""

    currency: str
    accounts: Sequence[Account]

    def total(self, side: str) -> Money:
        return Money(sum(each.standing.amount for each in self.accounts if each.kind.side == side), self.currency)

    def standing(self, name: str) -> Money:
        return next(each.standing for each in self.accounts if each.kind.name == name)

    @property
    def owed(self) -> Money:
        """All that stands to creators."""
        amounts = (each.standing.amount for each in self.accounts if each.kind.is_of_workspace)
        return Money(sum(amounts), self.currency)


@dataclass(frozen=True)
class ShopMonth:
    """What the shop itself took in a month (UTC)."""

    first: date
    taken: Money
    fees: Money
    given_back: Money
    stripe: Money

    @property
    def kept(self) -> Money:
        return self.fees - self.given_back - self.stripe


@dataclass(frozen=True)
class Seals:
    """How far the books are sealed."""

    number: int
    made_at: datetime | None
    waiting: int


def books() -> list[Books]:
    """The trial balance by currency, in one statement."""
    moved = flows()
    sides = [
        sa.select(moved.c.currency, moved.c.debit.label("account"), moved.c.amount),
        sa.select(moved.c.currency, moved.c.credit.label("account"), -moved.c.amount),
    ]
    both = sa.union_all(*sides).subquery()
    account_of = (both.c.currency, both.c.account)
    query = sa.select(*account_of, sa.func.sum(both.c.amount)).group_by(*account_of)
    sums: dict[str, dict[str, int]] = {}
    for currency, account, amount in db.session.execute(query):
        sums.setdefault(currency, {})[account] = int(amount)
    return [Books(currency, _accounts(currency, found)) for currency, found in sorted(sums.items())]


def _accounts(currency: str, debits: dict[str, int]) -> list[Account]:
    return [
        Account(kind, Money(debits.get(kind.name, 0) * (1 if kind.side == "debit" else -1), currency))
        for kind in CHART.values()
    ]


def months(currency: str) -> list[ShopMonth]:
    """The last six months, the latest first: what buyers paid, the shop's fees, and what those cost."""
    firsts = last_months(MONTHS)
    month = sa.func.substr(sa.cast(sa.func.date(Posting.at), sa.String), 1, 7)
    parts = (
        _sum(sa.and_(Posting.debit == PLATFORM_CASH, Posting.kind.in_(FROM_BUYERS))),
        _sum(Posting.credit == PLATFORM_REVENUE),
        _sum(Posting.debit == REFUNDS) - _sum(Posting.credit == REFUNDS),
        _sum(Posting.debit == STRIPE_FEES),
    )
    query = sa.select(month, *parts).where(Posting.currency == currency, Posting.at >= begin(firsts[0])).group_by(month)
    found = {row[0]: [Money(int(part), currency) for part in row[1:]] for row in db.session.execute(query)}
    nothing = [Money(0, currency)] * len(parts)
    return [ShopMonth(first, *found.get(f"{first:%Y-%m}", nothing)) for first in reversed(firsts)]


def seals() -> Seals:
    last = db.session.execute(sa.select(Seal.number, Seal.made_at).order_by(Seal.number.desc()).limit(1)).first()
    waiting = db.session.scalar(sa.select(sa.func.count()).select_from(UnsealedPosting)) or 0
    return Seals(last.number if last else 0, last.made_at if last else None, waiting)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, Posting.amount), else_=0))
