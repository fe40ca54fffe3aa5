"""Reading copies, each for whom they belong to, and what a workspace got for those of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.copies.models import Copy, CopyMeter, PoolShare
from storefront.kit.db import db
from storefront.kit.money import Money


@dataclass(frozen=True)
class MonthlyEarning:
    """What a workspace got for the copies of a closed month, less what went back since."""

    month: str
    copies: int
    amount: Money


def used_in(person: Person, month: str) -> int:
    """How many copies of a month a person has used, by their meter."""
    query = sa.select(CopyMeter.used).where(CopyMeter.person_id == person.id, CopyMeter.month == month)
    return db.session.scalar(query) or 0


def copies_of(person: Person, month: str) -> Sequence[Copy]:
    """What a person copied in a month, the latest first."""
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.month == month)
    return db.session.scalars(query.order_by(Copy.id.desc())).all()


def monthly_earnings(workspace: Workspace) -> list[MonthlyEarning]:
    """A workspace's All-Access share of every closed month, the latest first."""
    query = (
        sa.select(
            PoolShare.month, PoolShare.currency, sa.func.sum(PoolShare.copies),
            sa.func.sum(PoolShare.amount - PoolShare.returned),
        )
        .where(PoolShare.workspace_id == workspace.id)
        .group_by(PoolShare.month, PoolShare.currency)
        .order_by(PoolShare.month.desc())
    )  # fmt: skip
    return [
        MonthlyEarning(month, int(copies), Money(int(amount), currency))
        for month, currency, copies, amount in db.session.execute(query)
    ]
