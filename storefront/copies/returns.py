"""What an invoice's money was given to, and taking that back into the pool where the money went back.

What an invoice no longer covers is taken from creators in proportion; the platform never keeps more than is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from storefront.copies.models import Copy, PoolInvoice, PoolMonth, PoolRest, PoolReturn, PoolStatement
from storefront.events.services import Happening
from storefront.kit.db import db
from storefront.kit.inserts import insert_if_new, insert_into
from storefront.kit.money import Money
from storefront.ledger import services as ledger
from storefront.subscriptions.models import SubscriptionInvoice


class Share(NamedTuple):
    """What an invoice credited to a workspace for copies of a closed month, and what of that went back."""

    month: str
    workspace_id: int
    amount: int
    returned: int


def money_went_back(happening: Happening) -> None:
    """Bring back to the pool what an invoice's money no longer covers: creators' credits, then the platform's rest.

    Money that came again after all, such as that of a dispute won, is given as if it had never been gone. A month that
    is open yet sees to it when it is closed.
    """
    invoice: SubscriptionInvoice = happening.subject
    if invoice.family != "pass":
        return
    locked = sa.select(SubscriptionInvoice.id).where(SubscriptionInvoice.id == invoice.id)
    db.session.execute(locked.with_for_update(key_share=True))  # as closing does; members copy on
    given = _given_of(invoice)
    changed = bring_in_line(invoice)
    db.session.refresh(given)
    more = 0 if given.settled_in is None else invoice.net_amount - (given.credited - given.returned) - given.kept
    if not changed and not more:
        return
    given.turns += 1
    given.kept += more
    of_month = (PoolRest.month == given.settled_in, PoolRest.currency == invoice.currency)
    db.session.execute(sa.update(PoolRest).where(*of_month).values(amount=PoolRest.amount + more))
    cause = f"{invoice.id}/{given.turns}"
    book_changed(cause, invoice.currency, changed)
    book = ledger.book_pool_rest if more > 0 else ledger.book_pool_rest_returned
    book(cause, amount=Money(abs(more), invoice.currency))


def begin(invoice: SubscriptionInvoice) -> None:
    """Have a row for what an invoice is given to, which whoever changes that locks."""
    insert_if_new(PoolInvoice, invoice_id=invoice.id, used=0, credited=0, kept=0, currency=invoice.currency)


def _given_of(invoice: SubscriptionInvoice) -> PoolInvoice:
    begin(invoice)
    query = sa.select(PoolInvoice).where(PoolInvoice.invoice_id == invoice.id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def shares_of(invoice: SubscriptionInvoice) -> list[Share]:
    """What a paid invoice has been given to so far, in the order of months and workspaces."""
    is_same = sa.and_(
        PoolReturn.invoice_id == Copy.invoice_id, PoolReturn.month == Copy.month,
        PoolReturn.workspace_id == Copy.workspace_id,
    )  # fmt: skip
    returned = sa.func.coalesce(sa.func.max(PoolReturn.amount), 0)
    query = (
        sa.select(Copy.month, Copy.workspace_id, sa.func.sum(Copy.amount), returned)
        .outerjoin(PoolReturn, is_same)
        .where(Copy.invoice_id == invoice.id, Copy.amount > 0, Copy.month.in_(sa.select(PoolMonth.month)))
        .group_by(Copy.month, Copy.workspace_id)
        .order_by(Copy.month, Copy.workspace_id)
    )
    return [Share(month, workspace, int(amount), back) for month, workspace, amount, back in db.session.execute(query)]


def bring_in_line(invoice: SubscriptionInvoice) -> list[tuple[Share, int]]:
    """Take from an invoice's shares what its money no longer covers, in proportion, and give again what came again.

    What each has depends on what is left of the invoice only, not on the way there. The shares that changed, and by how
    much more of each went back; less than nothing came again. The invoice must be locked.
    """
    shares = shares_of(invoice)
    rest = sum(share.amount for share in shares)
    excess = max(0, rest - invoice.net_amount)
    changed: list[tuple[Share, int]] = []
    for share in shares:
        part = -(-excess * share.amount // rest)  # rounded up, never more than the share
        rest, excess = rest - share.amount, excess - part
        if part != share.returned:
            changed.append((share, part - share.returned))
    for share, more in changed:
        _return(invoice, share, more)
    return changed


def _return(invoice: SubscriptionInvoice, share: Share, more: int) -> None:
    back = insert_into(PoolReturn).values(
        invoice_id=invoice.id, month=share.month, workspace_id=share.workspace_id, amount=share.returned + more
    )
    key = ["invoice_id", "month", "workspace_id"]
    db.session.execute(back.on_conflict_do_update(index_elements=key, set_={"amount": back.excluded.amount}))
    given = sa.update(PoolInvoice).where(PoolInvoice.invoice_id == invoice.id)
    db.session.execute(given.values(returned=PoolInvoice.returned + more))
    stated = sa.update(PoolStatement).where(
        PoolStatement.workspace_id == share.workspace_id, PoolStatement.month == share.month,
        PoolStatement.currency == invoice.currency,
    )  # fmt: skip
    db.session.execute(stated.values(returned=PoolStatement.returned + more))


def book_changed(cause: str, currency: str, changed: Sequence[tuple[Share, int]]) -> None:
    for share, more in changed:
        book = ledger.book_pool_share_returned if more > 0 else ledger.book_pool_share
        book(
            f"{cause}:{share.month}:{share.workspace_id}", workspace_id=share.workspace_id,
            amount=Money(abs(more), currency),
        )  # fmt: skip
