"""Reading copies, each for whom they belong to, and what a workspace got for those of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from storefront.accounts.models import Person, Workspace
from storefront.copies.models import Copy, CopyMeter, PoolShare
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.money import Money
from storefront.kit.paging import Page, decode, encode

PAGE = 24


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


def copied_by(person: Person, after: str | None = None) -> Page[Copy]:
    """A page of what a person copied, the latest first. Raises BadRequest for a cursor that isn't ours."""
    query = sa.select(Copy).where(Copy.person_id == person.id).options(joinedload(Copy.listing))
    if after:
        query = query.where(Copy.id < decode(after, int)[0])
    rows = db.session.scalars(query.order_by(Copy.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1].id) if len(rows) > PAGE else None)


def copy_for(person: Person, public_id: str) -> Copy:
    """A person's copy, with its listing and version, for good. Raises NotFound for anybody else's."""
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.public_id == public_id)
    copy = db.session.scalar(query.options(joinedload(Copy.listing), joinedload(Copy.version)))
    if copy is None:
        raise NotFound
    return copy


def latest_copy(person: Person, listing_id: int) -> Copy | None:
    query = sa.select(Copy).where(Copy.person_id == person.id, Copy.listing_id == listing_id)
    return db.session.scalar(query.order_by(Copy.month.desc()).limit(1))


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
