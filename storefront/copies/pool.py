"""Closing a month: every cent of a paid invoice goes to creators or to the platform, once.

A month is closed in one transaction, so that a close is whole or did not happen; the second of two at once finds it
done. Creators' credits are payable at once. An invoice's remainder goes to the platform with the last month it touches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.copies.models import Copy, PoolInvoice, PoolMonth, PoolRest, PoolStatement
from storefront.copies.months import end_of, month_of, start_of
from storefront.copies.returns import book_changed, bring_in_line
from storefront.events.services import record
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
        _lock_invoices(month)
        _add_up(month)
        for invoice in _with_money_back(month):
            earlier = [(share, more) for share, more in bring_in_line(invoice) if share.month != month]
            book_changed(f"{invoice.id}:{month}", invoice.currency, earlier)
        _book_shares(month)
        _settle(month)
        closed = db.session.scalars(sa.select(PoolMonth).where(PoolMonth.month == month)).one()
        record("pool.closed", closed, month=month)
    return True


def to_settle(month: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Which invoices: paid, of periods that end with the month or before, and whose remainder nobody has."""
    settled = sa.select(PoolInvoice.invoice_id).where(PoolInvoice.settled_in.is_not(None))
    return (
        *OF_PASS, SubscriptionInvoice.paid_at.is_not(None), SubscriptionInvoice.period_end <= end_of(month),
        SubscriptionInvoice.id.not_in(settled),
    )  # fmt: skip


def touching(month: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Which invoices: those whose money may have been given to creators for copies of a month."""
    return (
        *OF_PASS, SubscriptionInvoice.period_start < end_of(month), SubscriptionInvoice.period_end > start_of(month),
    )  # fmt: skip


def _lock_invoices(month: str) -> None:
    """What goes back of them meanwhile waits, and then finds the month closed."""
    concerned = sa.or_(sa.and_(*touching(month)), sa.and_(*to_settle(month)))
    locked = sa.select(SubscriptionInvoice.id).where(concerned).order_by(SubscriptionInvoice.id)
    locked = locked.with_for_update(key_share=True)  # members copy on
    db.session.execute(sa.select(sa.func.count()).select_from(locked.subquery()))


def _add_up(month: str) -> None:
    """What the month's counted copies credit to each workspace, in one pass in the database."""
    copies, amount = sa.func.count(), sa.func.sum(Copy.amount)
    counted = (
        sa.select(Copy.workspace_id, sa.literal(month), Copy.currency, copies, amount, sa.literal(0))
        .where(Copy.month == month, Copy.amount > 0)
        .group_by(Copy.workspace_id, Copy.currency)
    )
    columns = ["workspace_id", "month", "currency", "copies", "amount", "returned"]
    db.session.execute(insert_into(PoolStatement).from_select(columns, counted))


def _with_money_back(month: str) -> Sequence[SubscriptionInvoice]:
    """The invoices of which something went back that credited copies of the month."""
    copied = sa.exists().where(Copy.invoice_id == SubscriptionInvoice.id, Copy.month == month, Copy.amount > 0)
    query = sa.select(SubscriptionInvoice).where(*touching(month), SubscriptionInvoice.returned > 0, copied)
    return db.session.scalars(
        query.order_by(SubscriptionInvoice.id), execution_options={"populate_existing": True}
    ).all()


def credit_id(month: str, workspace_id: int, currency: str) -> str:
    """The cause under which a workspace's credit for a month is in the books."""
    return f"{month}:{workspace_id}:{currency}"


def _book_shares(month: str) -> None:
    workspace = sa.cast(PoolStatement.workspace_id, sa.String)
    left = PoolStatement.amount - PoolStatement.returned
    shares = sa.select(
        (sa.literal(f"{month}:") + workspace + ":" + PoolStatement.currency).label("cause_id"),
        PoolStatement.workspace_id, left.label("amount"), PoolStatement.currency,
    ).where(PoolStatement.month == month, left > 0)  # fmt: skip
    ledger.book_pool_shares(shares)


def _settle(month: str) -> None:
    """Give the platform what creators' credits leave of the invoices that end with the month."""
    due = sa.select(SubscriptionInvoice.id, SubscriptionInvoice.net_amount, SubscriptionInvoice.currency)
    due_now = due.where(*to_settle(month)).order_by(SubscriptionInvoice.id)
    locked = due_now.with_for_update(key_share=True).cte("due")  # those too that were paid in this moment
    nothing = sa.literal(0)
    rows = sa.select(locked.c.id, nothing, nothing, locked.c.net_amount, locked.c.currency, sa.literal(month))
    columns = ["invoice_id", "used", "credited", "kept", "currency", "settled_in"]
    settled = insert_into(PoolInvoice).from_select(columns, rows.where(sa.true()))
    left = settled.excluded.kept - PoolInvoice.credited + PoolInvoice.returned
    values = {"kept": left, "settled_in": month}
    db.session.execute(settled.on_conflict_do_update(index_elements=["invoice_id"], set_=values))
    kept = (
        sa.select(sa.literal(month), PoolInvoice.currency, sa.func.sum(PoolInvoice.kept))
        .where(PoolInvoice.settled_in == month)
        .group_by(PoolInvoice.currency)
    )
    db.session.execute(insert_into(PoolRest).from_select(["month", "currency", "amount"], kept))
    for rest in db.session.scalars(sa.select(PoolRest).where(PoolRest.month == month)):
        ledger.book_pool_rest(f"{month}:{rest.currency}", amount=Money(rest.amount, rest.currency))
