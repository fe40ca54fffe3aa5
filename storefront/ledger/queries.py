"""Reading balances: the last roll-up and the postings after it, in one statement, so in one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for

from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.money import Money
from storefront.ledger.chart import (
    BANK,
    CREATOR_HELD,
    CREATOR_PAYABLE,
    DISPUTE_RESERVE,
    PAYOUTS_IN_TRANSIT,
    PLATFORM_CASH,
    PLATFORM_REVENUE,
    REFUNDS,
)
from storefront.ledger.models import LedgerCheck, Posting, Rollup, UnsealedPosting


@dataclass(frozen=True)
class Balance:
    """What stands to a workspace in one currency, in minor units.

    ``held`` until refunds are over, ``payable`` by the next payout, ``reserved`` for disputes, ``in_transit`` in
    payouts on their way; ``paid`` so far, less what came back; ``spent`` on plans.
    """

    currency: str
    held: int = 0
    payable: int = 0
    reserved: int = 0
    in_transit: int = 0
    paid: int = 0
    spent: int = 0

    def money(self, part: str) -> Money:
        """One part, by its name."""
        return Money(getattr(self, part), self.currency)


@dataclass(frozen=True)
class Due:
    """What may be paid to a workspace."""

    workspace_id: int
    payable: Money


def flows() -> sa.CTE:
    """Every sum that moved, by workspace (0: the shop alone), currency and the two accounts: roll-ups and tail."""
    sealed = sa.select(Rollup.workspace_id, Rollup.currency, Rollup.debit, Rollup.credit, Rollup.amount)
    tail = sa.select(
        sa.func.coalesce(Posting.workspace_id, 0), Posting.currency, Posting.debit, Posting.credit, Posting.amount
    ).join(UnsealedPosting, UnsealedPosting.posting_id == Posting.id)
    return sealed.union_all(tail).cte("flows")


def balance_of(*workspace_ids: int) -> dict[str, Balance]:
    """The balance of a workspace by currency, or of several together. One that never earned has none."""
    moved = flows()
    parts = {
        "held": _standing(moved, CREATOR_HELD),
        "payable": _standing(moved, CREATOR_PAYABLE),
        "reserved": _standing(moved, DISPUTE_RESERVE),
        "in_transit": _standing(moved, PAYOUTS_IN_TRANSIT),
        "paid": _between(moved, PAYOUTS_IN_TRANSIT, PLATFORM_CASH)
        + _between(moved, CREATOR_PAYABLE, BANK)
        - _between(moved, PLATFORM_CASH, PAYOUTS_IN_TRANSIT),
        "spent": _between(moved, CREATOR_PAYABLE, PLATFORM_REVENUE) - _between(moved, REFUNDS, CREATOR_PAYABLE),
    }
    query = (
        sa.select(moved.c.currency, *(sa.func.sum(part).label(name) for name, part in parts.items()))
        .where(moved.c.workspace_id.in_(workspace_ids))
        .group_by(moved.c.currency)
        .order_by(moved.c.currency)
    )
    rows = db.session.execute(query).all()
    return {row.currency: Balance(row.currency, *(int(figure) for figure in row[1:])) for row in rows}


def balances_due(as_of: datetime, *, among: Sequence[int] | None = None) -> list[Due]:
    """What was payable at ``as_of`` and still is, of every workspace or of those ``among``, in one pass; nobody with
    nothing.

    What came to be payable later waits for the next run; what was taken since is gone.
    """
    moved = flows()
    standing = sa.select(
        moved.c.workspace_id, moved.c.currency, _standing(moved, CREATOR_PAYABLE).label("amount")
    ).where(sa.or_(moved.c.debit == CREATOR_PAYABLE, moved.c.credit == CREATOR_PAYABLE))
    later = sa.select(Posting.workspace_id, Posting.currency, -Posting.amount).where(
        Posting.at > as_of, Posting.credit == CREATOR_PAYABLE
    )
    if among is not None:
        standing = standing.where(moved.c.workspace_id.in_(among))
        later = later.where(Posting.workspace_id.in_(among))
    parts = standing.union_all(later).subquery()
    payable = sa.func.sum(parts.c.amount)
    query = (
        sa.select(parts.c.workspace_id, parts.c.currency, payable)
        .group_by(parts.c.workspace_id, parts.c.currency)
        .having(payable > 0)
        .order_by(parts.c.workspace_id, parts.c.currency)
    )
    return [Due(row[0], Money(int(row[2]), row[1])) for row in db.session.execute(query)]


def reversed_of(order_id: str) -> int:
    """What was booked of a sale as taken back from its creator's account at Stripe, in minor units."""
    query = sa.select(sa.func.coalesce(sa.func.sum(Posting.amount), 0)).where(
        Posting.earning_id == order_id, Posting.kind.in_(("refund.reversed", "dispute.reversed"))
    )
    return int(db.session.scalars(query).one())


def _standing(moved: Any, account: str) -> sa.ColumnElement[int]:
    """What a movement adds to an account that grows by credits."""
    return sa.case((moved.c.credit == account, moved.c.amount), (moved.c.debit == account, -moved.c.amount), else_=0)


def _between(moved: Any, debit: str, credit: str) -> sa.ColumnElement[int]:
    return sa.case((sa.and_(moved.c.debit == debit, moved.c.credit == credit), moved.c.amount), else_=0)


def last_check(of: str = "books") -> LedgerCheck | None:
    """What the last check of the books, or comparison with ``stripe``, found. Operators only."""
    return db.session.scalar(
        sa.select(LedgerCheck).where(LedgerCheck.of == of).order_by(LedgerCheck.id.desc()).limit(1)
    )


def concerns() -> list[Concern]:
    """What the last check of the books found, and the last comparison with Stripe: one statement."""
    latest = sa.select(sa.func.max(LedgerCheck.id)).group_by(LedgerCheck.of)
    query = sa.select(LedgerCheck.of, LedgerCheck.findings).where(LedgerCheck.id.in_(latest))
    found = {row.of: min(MOST_COUNTED, len(row.findings)) for row in db.session.execute(query)}
    faults, differences = found.get("books", 0), found.get("stripe", 0)
    url = url_for("finance.index")
    return [
        Concern("Faults in the books", faults, "a check names them", url, is_trouble=faults > 0),
        Concern("Differences from Stripe", differences, "a comparison names them", url, is_trouble=differences > 0),
    ]
