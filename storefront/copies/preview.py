"""What closing a month would do now. Reads only, and gives the figures that closing gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storefront.copies import pool
from storefront.copies.models import Copy, CopyTally, PoolInvoice
from storefront.copies.months import month_of
from storefront.copies.returns import shares_of
from storefront.kit.db import db
from storefront.kit.money import Money
from storefront.subscriptions.models import SubscriptionInvoice


@dataclass(frozen=True)
class Preview:
    """A month that is open, in one currency: ``copies`` that count of ``workspaces``, and what they ``credit``.

    ``back`` goes of that and of earlier credits because money went back; ``rest`` is what the shop gets of payments.
    """

    month: str
    copies: int
    workspaces: int
    credit: Money
    back: Money
    rest: Money


def next_to_close(now: datetime) -> tuple[str, bool]:
    """The month that is closed next, and whether it is over for long enough."""
    month = next(pool.open_months(now), None)
    return (month, True) if month else (month_of(now), False)


def preview(month: str) -> list[Preview]:
    """One for each currency in which something was copied or is left. Raises ValueError for what is no month."""
    sums = _credits(month)
    back, rest = _going_back(month), _rests(month)
    return [
        Preview(
            month, *sums.get(currency, (0, 0, Money(0, currency))), Money(back.get(currency, 0), currency),
            Money(rest.get(currency, 0), currency),
        )
        for currency in sorted({*sums, *back, *rest})
    ]  # fmt: skip


def _credits(month: str) -> dict[str, tuple[int, int, Money]]:
    query = (
        sa.select(
            CopyTally.currency, sa.func.sum(CopyTally.counted), sa.func.count(CopyTally.workspace_id.distinct()),
            sa.func.sum(CopyTally.amount),
        )
        .where(CopyTally.month == month, CopyTally.counted > 0)
        .group_by(CopyTally.currency)
    )  # fmt: skip
    rows = db.session.execute(query)
    return {row[0]: (int(row[1]), row[2], Money(int(row[3]), row[0])) for row in rows}


def _going_back(month: str) -> dict[str, int]:
    """What the month's invoices no longer cover of what was copied so far, less what went back before."""
    touched = sa.select(SubscriptionInvoice).where(*pool.touching(month), SubscriptionInvoice.returned > 0)
    found: dict[str, int] = {}
    for invoice in db.session.scalars(touched):
        copied = sa.select(sa.func.coalesce(sa.func.sum(Copy.amount), 0))
        now = int(db.session.scalars(copied.where(Copy.month == month, Copy.invoice_id == invoice.id)).one())
        shares = shares_of(invoice)
        before, gone = sum(share.amount for share in shares), sum(share.returned for share in shares)
        if now:
            more = max(0, before + now - invoice.net_amount) - gone
            found[invoice.currency] = found.get(invoice.currency, 0) + more
    return found


def _rests(month: str) -> dict[str, int]:
    """What creators' credits leave of the payments that would be settled."""
    left = SubscriptionInvoice.net_amount - sa.func.coalesce(PoolInvoice.credited - PoolInvoice.returned, 0)
    query = (
        sa.select(SubscriptionInvoice.currency, sa.func.sum(sa.case((left > 0, left), else_=0)))
        .outerjoin(PoolInvoice, PoolInvoice.invoice_id == SubscriptionInvoice.id)
        .where(*pool.to_settle(month))
        .group_by(SubscriptionInvoice.currency)
    )
    return {currency: int(rest) for currency, rest in db.session.execute(query)}
