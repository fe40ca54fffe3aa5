"""Gets and sales of a person's workspaces. What counts as earned is what the licenses say, less what went back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.plans import PLANS, PLATFORM_MONETIZE, TABLE
from storefront.catalog.models import Listing
from storefront.kit import clock
from storefront.kit.charts import Chart, Measure, Point
from storefront.kit.db import db
from storefront.kit.spreadsheets import line, plain
from storefront.library.purchases import decimal_text
from storefront.licenses.models import License

PERIODS = {7: "7 days", 30: "30 days", 90: "90 days"}
EARNED = ("completed", "disputed")  # what was refunded or revoked earned nothing
SALES, GETS = Measure("Sales", "sale", "sales"), Measure("Gets", "get", "gets")
LATEST, TOP = 6, 5
COLUMNS = ("Work", "Date", "License", "State", "Paid", "Fee", "Yours", "Currency")


@dataclass(frozen=True)
class Day:
    """What happened on a day (UTC): licenses granted, how many of them for money, and the creator's shares."""

    day: date
    gets: int
    sales: int
    earned: int


@dataclass(frozen=True)
class Figures:
    """The last ``days``, today included, and whole sums since the beginning, in minor units by currency."""

    days: Sequence[Day]
    earned: dict[str, int]
    before: int

    @property
    def sales(self) -> int:
        return sum(day.sales for day in self.days)

    @property
    def gets(self) -> int:
        return sum(day.gets for day in self.days)

    @cached_property
    def chart(self) -> Chart:
        points = [
            Point(f"{each.day.day} {each.day:%B}", f"{each.day.day} {each.day:%b}", each.sales, each.gets)
            for each in self.days
        ]
        return Chart(points, SALES, GETS)

    @property
    def comparison(self) -> str:
        """``12 more than the 30 before``."""
        difference, span = self.sales - self.before, len(self.days)
        if not difference:
            return f"As many as the {span} days before"
        return f"{abs(difference)} {'more' if difference > 0 else 'fewer'} than the {span} days before"


def may_see_figures(person: Person) -> bool:
    """Whether there is a workspace of theirs whose owner's plan has analytics."""
    return bool(db.session.scalar(sa.select(_workspaces(person).exists())))


def figures_for(person: Person, span: int) -> Figures:
    """Three statements, whatever was sold."""
    today = clock.now().date()
    first = today - timedelta(days=span - 1)
    found = {row[0]: row for row in _by_day(person, first)}
    days = [first + timedelta(days=at) for at in range(span)]
    each = [Day(day, *(int(part) for part in found.get(day.isoformat(), ("", 0, 0, 0))[1:])) for day in days]
    before = _sold_between(person, first - timedelta(days=span), first)
    return Figures(each, _earned(person), before)


def latest_sales(person: Person) -> Sequence[Any]:
    """The newest licenses that were paid for: title, when, amount, share, status. Not who: that is theirs to tell."""
    return db.session.execute(_sales(person).limit(LATEST)).all()


def top_listings(person: Person, span: int) -> Sequence[Any]:
    """The listings that were got most in the last ``span`` days, with gets and shares."""
    since = _begin(clock.now().date() - timedelta(days=span - 1))
    gets, earned = sa.func.count().label("gets"), sa.func.sum(_share()).label("earned")
    query = (
        sa.select(Listing.id, Listing.title, Listing.currency, gets, earned)
        .join(License, License.listing_id == Listing.id)
        .where(_is_theirs(person), License.granted_at >= since)
        .group_by(Listing.id, Listing.title, Listing.currency)
        .order_by(gets.desc(), Listing.id)
    )
    return db.session.execute(query.limit(TOP)).all()


def sales_csv(person: Person) -> Iterator[str]:
    """Every sale as lines of CSV, the latest first; read as they are sent."""
    yield line(COLUMNS)
    for sale in db.session.execute(_sales(person), execution_options={"yield_per": 500}):
        amounts = (decimal_text(amount, sale.currency) for amount in (sale.amount, sale.fee, sale.share))
        granted = sale.granted_at.isoformat(timespec="seconds")
        yield line((plain(sale.title), granted, sale.number, sale.status, *amounts, sale.currency))


def _workspaces(person: Person) -> sa.Select[Any]:
    """The workspaces that ``person`` is in and whose owner's plan has analytics."""
    plans = [plan.name for plan in PLANS if TABLE[PLATFORM_MONETIZE].right(plan) is True]
    owner = aliased(Person)
    return (
        sa.select(Membership.workspace_id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .join(owner, owner.id == Workspace.owner_id)
        .where(Membership.person_id == person.id, owner.plan.in_(plans))
    )


def _is_theirs(person: Person) -> sa.ColumnElement[bool]:
    return Listing.workspace_id.in_(_workspaces(person))


def _by_day(person: Person, first: date) -> Sequence[Any]:
    """``(day, gets, sales, share)`` by ISO day, of days on which there was something."""
    day = sa.cast(sa.func.date(License.granted_at), sa.String).label("day")
    query = (
        sa.select(day, sa.func.count(), sa.func.sum(_is_sale()), sa.func.sum(_share()))
        .join(Listing, Listing.id == License.listing_id)
        .where(_is_theirs(person), License.granted_at >= _begin(first))
        .group_by(day)
    )
    return db.session.execute(query).all()


def _sold_between(person: Person, first: date, end: date) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(License)
        .join(Listing, Listing.id == License.listing_id)
        .where(_is_theirs(person), License.granted_at >= _begin(first), License.granted_at < _begin(end))
        .where(License.amount > 0, License.status.in_(EARNED))
    )
    return db.session.scalars(query).one()


def _earned(person: Person) -> dict[str, int]:
    query = (
        sa.select(License.currency, sa.func.sum(License.share))
        .join(Listing, Listing.id == License.listing_id)
        .where(_is_theirs(person), License.status.in_(EARNED), License.amount > 0)
        .group_by(License.currency)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}


def _sales(person: Person) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Listing.title, Listing.id, License.granted_at, License.number, License.status, License.amount, License.fee,
            License.share, License.currency,
        )
        .join(Listing, Listing.id == License.listing_id)
        .where(_is_theirs(person), License.amount > 0)
        .order_by(License.id.desc())
    )  # fmt: skip


def _is_sale() -> sa.ColumnElement[int]:
    """1 for a license that was paid for and earned something, else 0."""
    return sa.case((sa.and_(License.amount > 0, License.status.in_(EARNED)), 1), else_=0)


def _share() -> sa.ColumnElement[int]:
    return sa.case((License.status.in_(EARNED), License.share), else_=0)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
