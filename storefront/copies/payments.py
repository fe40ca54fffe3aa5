"""Where a member's money went: of each payment, what creators were credited, the shop's part, tax, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.copies.models import Copy, PoolInvoice, PoolReturn
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.money import Money
from storefront.kit.paging import Page, decode, encode
from storefront.subscriptions.models import SubscriptionInvoice

PAGE = 12


@dataclass(frozen=True)
class Payment:
    """A payment for All-Access; ``creators``, ``shop``, ``tax`` and ``back`` are all of it.

    What came ``back`` to the member is taken from creators once its months are closed, so until then the shop's part
    may be less than nothing. ``settled_in`` is the month with whose close the shop's part was its own.
    """

    invoice: SubscriptionInvoice
    copies: int
    creators: Money
    settled_in: str | None

    @property
    def paid(self) -> Money:
        return Money(self.invoice.amount, self.invoice.currency)

    @property
    def tax(self) -> Money:
        return Money(self.invoice.tax - self.invoice.tax_returned, self.invoice.currency)

    @property
    def back(self) -> Money:
        return Money(self.invoice.returned, self.invoice.currency)

    @property
    def shop(self) -> Money:
        return self.invoice.net - self.creators


@dataclass(frozen=True)
class CreatorPart:
    """What a payment credited to one workspace, less what of that went back, for how many copies."""

    handle: str
    name: str
    copies: int
    amount: Money


def payments_of(person: Person, after: str | None = None, *, limit: int = PAGE) -> Page[Payment]:
    """A page of what a person paid for All-Access, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = _paid(person).order_by(SubscriptionInvoice.id.desc())
    if after:
        query = query.where(SubscriptionInvoice.id < decode(after, int)[0])
    rows = [_payment(*row) for row in db.session.execute(query.limit(limit + 1))]
    return Page(rows[:limit], encode(rows[limit - 1].invoice.id) if len(rows) > limit else None)


def payment_for(person: Person, stripe_id: str) -> Payment:
    """One payment of a person. Raises NotFound for anybody else's."""
    row = db.session.execute(_paid(person).where(SubscriptionInvoice.stripe_id == stripe_id)).one_or_none()
    if row is None:
        raise NotFound
    return _payment(*row)


def parts_of(payment: Payment) -> Sequence[CreatorPart]:
    """What each creator has of a payment, who has most first. A payment has no more than its limit of copies."""
    invoice = payment.invoice
    counted = (
        sa.select(Copy.workspace_id, sa.func.count().label("copies"), sa.func.sum(Copy.amount).label("amount"))
        .where(Copy.invoice_id == invoice.id, Copy.amount > 0)
        .group_by(Copy.workspace_id)
        .subquery()
    )
    gone = (
        sa.select(PoolReturn.workspace_id, sa.func.sum(PoolReturn.amount).label("amount"))
        .where(PoolReturn.invoice_id == invoice.id)
        .group_by(PoolReturn.workspace_id)
        .subquery()
    )
    left = (counted.c.amount - sa.func.coalesce(gone.c.amount, 0)).label("left")
    query = (
        sa.select(Workspace.handle, Workspace.name, counted.c.copies, left)
        .join(counted, counted.c.workspace_id == Workspace.id)
        .outerjoin(gone, gone.c.workspace_id == Workspace.id)
        .order_by(left.desc(), Workspace.name, Workspace.id)
    )
    return [
        CreatorPart(handle, name, copies, Money(int(amount), invoice.currency))
        for handle, name, copies, amount in db.session.execute(query)
    ]


def _paid(person: Person) -> sa.Select[SubscriptionInvoice, int, int, str | None]:
    given = (PoolInvoice.used, PoolInvoice.credited - PoolInvoice.returned, PoolInvoice.settled_in)
    return (
        sa.select(SubscriptionInvoice, *given)
        .outerjoin(PoolInvoice, PoolInvoice.invoice_id == SubscriptionInvoice.id)
        .where(
            SubscriptionInvoice.person_id == person.id, SubscriptionInvoice.family == "pass",
            SubscriptionInvoice.amount > 0, SubscriptionInvoice.paid_at.is_not(None),
        )
    )  # fmt: skip


def _payment(invoice: SubscriptionInvoice, used: int | None, given: int | None, settled_in: str | None) -> Payment:
    return Payment(invoice, used or 0, Money(given or 0, invoice.currency), settled_in)
