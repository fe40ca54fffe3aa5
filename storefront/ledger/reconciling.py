"""Comparing the books with Stripe's: what moved the shop's balance there must have moved ``platform_cash`` here.

Movements are put together by what they belong to: a payment with its fee, refunds, dispute and transfer; a payout to a
creator with what came back of it. So it doesn't matter into how many steps either side cuts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.money import Money
from storefront.ledger import services
from storefront.ledger.chart import PLATFORM_CASH
from storefront.ledger.models import LedgerCheck, Posting
from storefront.payments.gateway.balance import Movement, balance, movements

MOST = 100  # findings that are told
EDGE = timedelta(days=1)  # both sides' clocks and queues: what began or ended so near an edge is left out
NOWHERE = "no reference"


@dataclass
class Side:
    """The sum of one side's movements about one thing, and when they were."""

    amount: int = 0
    moments: list[datetime] = field(default_factory=list)

    def add(self, amount: int, *moments: datetime) -> None:
        self.amount += amount
        self.moments.extend(moments)


Sums = dict[tuple[str, str], Side]


def reconcile(*, since: datetime | None = None, until: datetime | None = None) -> LedgerCheck:
    """Compare with Stripe's balance transactions and write down the differences. With ``since`` or ``until``, leaves
    out what moved near that moment or beyond it; without, the whole balance is compared too.

    What Stripe sent to the shop's own bank is booked, because nobody but Stripe could tell. Raises PaymentsDown.
    """
    began = clock.now()
    with outside():
        theirs = movements(since - EDGE if since else None)
        has = balance() if since is None and until is None else {}
    with step():
        _book_bank(theirs)
    findings = [*_differences(theirs, since, until), *_balances(has)]
    with step():
        check = LedgerCheck(
            of="stripe", began_at=began, ended_at=clock.now(), looked_at=len(theirs), findings=findings[:MOST]
        )
        db.session.add(check)
    return check


def _book_bank(theirs: Sequence[Movement]) -> None:
    for each in theirs:
        if each.type in ("payout", "payout_failure", "payout_cancel"):
            services.book_bank_payout(each.id, Money(-each.net, each.currency), reference=each.source or each.id)


def _differences(theirs: Sequence[Movement], since: datetime | None, until: datetime | None) -> Iterator[str]:
    groups = _groups(theirs)
    stripe: Sums = {}
    for each in theirs:
        about = groups.get(each.source or "", each.source or each.id)
        stripe.setdefault((about, each.currency), Side()).add(each.net, each.at)
    booked = _booked(groups, since - EDGE if since else None)
    for about, currency in sorted(stripe.keys() | booked.keys()):
        there, here = stripe.get((about, currency), Side()), booked.get((about, currency), Side())
        if there.amount == here.amount or _near_an_edge([*there.moments, *here.moments], since, until):
            continue
        says = Money(there.amount, currency) if there.moments else "nothing"
        ours = Money(here.amount, currency) if here.moments else "nothing"
        yield f"{about}: Stripe moved {says}, the books say {ours}."


def _near_an_edge(moments: Sequence[datetime], since: datetime | None, until: datetime | None) -> bool:
    is_early = since is not None and min(moments) < since + EDGE
    return is_early or (until is not None and max(moments) > until)


def _groups(theirs: Sequence[Movement]) -> dict[str, str]:
    """What each of Stripe's objects belongs to: a charge to its payment, a reversal to its transfer."""
    leads = {each.source: each.leads_to for each in theirs if each.source}

    def follow(id: str) -> str:
        seen = {id}
        while onward := next((lead for lead in leads.get(id, ()) if lead not in seen), None):
            seen.add(onward)
            id = onward
        return id

    return {source: follow(source) for source in leads}


def _booked(groups: dict[str, str], since: datetime | None) -> Sums:
    """What the books say moved, by the same ids. What is about a sale goes by the payment that was made for it."""
    paid = (
        sa.select(Posting.earning_id, sa.func.max(Posting.reference).label("reference"))
        .where(Posting.kind.in_(("sale.fee", "sale.share", "sale.tax")))
        .group_by(Posting.earning_id)
        .subquery()
    )
    moved = sa.case((Posting.debit == PLATFORM_CASH, Posting.amount), else_=-Posting.amount)
    reference = sa.func.coalesce(paid.c.reference, Posting.reference, NOWHERE)
    query = (
        sa.select(reference, Posting.currency, sa.func.sum(moved), sa.func.min(Posting.at), sa.func.max(Posting.at))
        .outerjoin(paid, paid.c.earning_id == Posting.earning_id)
        .where(sa.or_(Posting.debit == PLATFORM_CASH, Posting.credit == PLATFORM_CASH))
        .group_by(reference, Posting.currency)
    )
    if since:
        query = query.where(Posting.at >= since)
    sums: Sums = {}
    for named, currency, amount, first, last in db.session.execute(query):
        sums.setdefault((groups.get(named, named), currency), Side()).add(int(amount), first, last)
    return sums


def _balances(has: dict[str, int]) -> Iterator[str]:
    """Whether the whole balance is what the books say it is."""
    moved = sa.case((Posting.debit == PLATFORM_CASH, Posting.amount), else_=-Posting.amount)
    query = (
        sa.select(Posting.currency, sa.func.sum(moved))
        .where(sa.or_(Posting.debit == PLATFORM_CASH, Posting.credit == PLATFORM_CASH))
        .group_by(Posting.currency)
    )
    for currency, amount in db.session.execute(query) if has else ():
        if has.get(currency, 0) != int(amount):
            yield (
                f"The balance in {currency}: Stripe has {Money(has.get(currency, 0), currency)}, "
                f"the books say {Money(int(amount), currency)}."
            )
