"""Closing a month: every cent of a paid invoice goes to creators or to the platform, once.

A month is closed in one transaction, so that a close is whole or did not happen; the second of two at once finds it
done. Creators' credits are payable at once. An invoice's remainder goes to the platform with the last month it touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.copies.models import Copy, PoolInvoice, PoolMonth, PoolShare, PoolStatement
from storefront.copies.months import end_of, month_of
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.inserts import insert_if_new, insert_into
from storefront.kit.money import Money
from storefront.kit.periodic import Tally
from storefront.ledger import services as ledger
from storefront.subscriptions.models import SubscriptionInvoice

SETTLING = timedelta(hours=1)  # for copies of the month's last seconds to be written
OF_PASS = (SubscriptionInvoice.family == "pass", SubscriptionInvoice.amount > 0)
OUTSTANDING = PoolShare.amount - PoolShare.returned


class EarlierMonthOpen(Conflict):
    title = "An earlier month is open."
    message = "Months are closed in their order, because a payment may touch two."


class MonthNotOver(Conflict):
    title = "This month is not over."
    message = "A month can be closed an hour after it has ended, in UTC."


def close_due() -> list[Tally]:
    """Close every month that is over and has something to close, the oldest first."""
    months = list(open_months(clock.now()))
    return [Tally("months of the pool to close", len(months), sum(close(month) for month in months))]


def open_months(now: datetime) -> Iterator[str]:
    """The months from the first copy or payment on that are over and not closed."""
    first = db.session.scalar(sa.select(sa.func.min(SubscriptionInvoice.period_start)).where(*OF_PASS))
    closed = set(db.session.scalars(sa.select(PoolMonth.month)))
    while first is not None and end_of(month_of(first)) + SETTLING <= now:
        if month_of(first) not in closed:
            yield month_of(first)
        first = end_of(month_of(first))


def is_closed(month: str) -> bool:
    return db.session.scalar(sa.select(PoolMonth.id).where(PoolMonth.month == month)) is not None


def close(month: str) -> bool:
    """Close a month that is over. True if this call did it. Raises MonthNotOver, EarlierMonthOpen."""
    if clock.now() < end_of(month) + SETTLING:
        raise MonthNotOver
    with step():
        if next(open_months(clock.now()), month) < month:
            raise EarlierMonthOpen
        if not insert_if_new(PoolMonth, month=month, closed_at=clock.now()):
            return False
        _share(month)
        for invoice in _with_money_back(month):
            earlier = [(share, more) for share, more in _bring_in_line(invoice) if share.month != month]
            _book_changed(f"{invoice.id}:{month}", earlier)
        _book_shares(month)
        for invoice in _to_settle(month):
            _settle(invoice, month)
        closed = db.session.scalars(sa.select(PoolMonth).where(PoolMonth.month == month)).one()
        record("pool.closed", closed, month=month)
    return True


def _share(month: str) -> None:
    """What the month's counted copies credit, by invoice and workspace, in one pass in the database."""
    counted = (
        sa.select(
            Copy.invoice_id, Copy.month, Copy.workspace_id, sa.func.count(), sa.func.sum(Copy.amount),
            sa.literal(0), sa.func.min(Copy.currency),
        )
        .where(Copy.month == month, Copy.amount > 0)
        .group_by(Copy.invoice_id, Copy.month, Copy.workspace_id)
    )  # fmt: skip
    columns = ["invoice_id", "month", "workspace_id", "copies", "amount", "returned", "currency"]
    db.session.execute(insert_into(PoolShare).from_select(columns, counted))
    summed = (
        sa.select(
            PoolShare.workspace_id, PoolShare.month, PoolShare.currency,
            sa.func.sum(PoolShare.copies), sa.func.sum(PoolShare.amount), sa.func.sum(PoolShare.returned),
        )
        .where(PoolShare.month == month)
        .group_by(PoolShare.workspace_id, PoolShare.month, PoolShare.currency)
    )  # fmt: skip
    columns = ["workspace_id", "month", "currency", "copies", "amount", "returned"]
    db.session.execute(insert_into(PoolStatement).from_select(columns, summed))


def _with_money_back(month: str) -> list[SubscriptionInvoice]:
    """The month's invoices of which something went back. Locked, so that no more does meanwhile."""
    shared = sa.select(PoolShare.invoice_id).where(PoolShare.month == month)
    query = sa.select(SubscriptionInvoice).where(SubscriptionInvoice.id.in_(shared))
    locked = db.session.scalars(
        query.order_by(SubscriptionInvoice.id).with_for_update(), execution_options={"populate_existing": True}
    )
    return [invoice for invoice in locked if invoice.returned]


def _bring_in_line(invoice: SubscriptionInvoice) -> list[tuple[PoolShare, int]]:
    """Take from an invoice's shares what its money no longer covers, in proportion, and give again what came again.

    What each has depends on what is left of the invoice only, not on the way there. The shares that changed, and by how
    much more of each went back; less than nothing came again.
    """
    query = sa.select(PoolShare).where(PoolShare.invoice_id == invoice.id)
    shares = db.session.scalars(
        query.order_by(PoolShare.month, PoolShare.workspace_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).all()
    rest = sum(share.amount for share in shares)
    excess = max(0, rest - invoice.net.amount)
    changed: list[tuple[PoolShare, int]] = []
    for share in shares:
        part = -(-excess * share.amount // rest)  # rounded up, never more than the share
        rest, excess = rest - share.amount, excess - part
        changed.append((share, part - share.returned))
        share.returned = part
    db.session.flush()
    changed = [(share, more) for share, more in changed if more]
    for share, more in changed:
        of_month = (PoolStatement.workspace_id == share.workspace_id, PoolStatement.month == share.month)
        stated = sa.update(PoolStatement).where(*of_month, PoolStatement.currency == share.currency)
        db.session.execute(stated.values(returned=PoolStatement.returned + more))
    return changed


def _book_changed(cause: str, changed: Sequence[tuple[PoolShare, int]]) -> None:
    for share, more in changed:
        book = ledger.book_pool_share_returned if more > 0 else ledger.book_pool_share
        book(
            f"{cause}:{share.month}:{share.workspace_id}", workspace_id=share.workspace_id,
            amount=Money(abs(more), share.currency),
        )  # fmt: skip


def _book_shares(month: str) -> None:
    query = sa.select(PoolStatement).where(PoolStatement.month == month).order_by(PoolStatement.workspace_id)
    for each in db.session.scalars(query, execution_options={"populate_existing": True}):
        amount = Money(each.amount - each.returned, each.currency)
        ledger.book_pool_share(f"{month}:{each.workspace_id}", workspace_id=each.workspace_id, amount=amount)


def to_settle(month: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Which invoices: paid, of periods that end with the month or before, and whose remainder nobody has."""
    settled = sa.select(PoolInvoice.invoice_id).where(PoolInvoice.settled_in.is_not(None))
    return (
        *OF_PASS, SubscriptionInvoice.paid_at.is_not(None), SubscriptionInvoice.period_end <= end_of(month),
        SubscriptionInvoice.id.not_in(settled),
    )  # fmt: skip


def _to_settle(month: str) -> list[SubscriptionInvoice]:
    """Locked, so that nothing goes back meanwhile."""
    locked = sa.select(SubscriptionInvoice).where(*to_settle(month)).order_by(SubscriptionInvoice.id).with_for_update()
    return list(db.session.scalars(locked, execution_options={"populate_existing": True}))


def _settle(invoice: SubscriptionInvoice, month: str) -> None:
    """Give the platform what is left of an invoice."""
    insert_if_new(PoolInvoice, invoice_id=invoice.id, used=0, credited=0, kept=0, turns=0)
    rest = invoice.net.amount - _outstanding(invoice)
    given = sa.update(PoolInvoice).where(PoolInvoice.invoice_id == invoice.id)
    db.session.execute(given.values(kept=rest, settled_in=month))
    ledger.book_pool_rest(str(invoice.id), amount=Money(rest, invoice.currency))


def _outstanding(invoice: SubscriptionInvoice) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(OUTSTANDING), 0)).where(PoolShare.invoice_id == invoice.id)
    return int(db.session.scalars(query).one())


def money_went_back(happening: Happening) -> None:
    """Bring back to the pool what an invoice's money no longer covers: creators' credits, then the platform's rest.

    Money that came again after all, such as that of a dispute won, is given as if it had never been gone. A month that
    is open yet sees to it when it is closed.
    """
    invoice: SubscriptionInvoice = happening.subject
    if invoice.family != "pass":
        return
    db.session.execute(sa.select(SubscriptionInvoice.id).where(SubscriptionInvoice.id == invoice.id).with_for_update())
    given = _given_of(invoice)
    changed = _bring_in_line(invoice)
    more = 0 if given.settled_in is None else invoice.net.amount - _outstanding(invoice) - given.kept
    if not changed and not more:
        return
    given.turns += 1
    given.kept += more
    cause = f"{invoice.id}/{given.turns}"
    _book_changed(cause, changed)
    book = ledger.book_pool_rest if more > 0 else ledger.book_pool_rest_returned
    book(cause, amount=Money(abs(more), invoice.currency))


def _given_of(invoice: SubscriptionInvoice) -> PoolInvoice:
    insert_if_new(PoolInvoice, invoice_id=invoice.id, used=0, credited=0, kept=0, turns=0)
    query = sa.select(PoolInvoice).where(PoolInvoice.invoice_id == invoice.id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()
