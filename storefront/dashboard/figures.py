"""Views, gets and sales of a person's workspaces over a stretch of days, and what stands to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.analytics.queries import workspaces_seen
from storefront.catalog.models import Listing
from storefront.dashboard.facts import EARNED, begin, facts, is_theirs, rate_words, sums
from storefront.kit import clock
from storefront.kit.charts import Chart, Measure, Point
from storefront.kit.db import db
from storefront.ledger.queries import Balance, balance_of
from storefront.licenses.models import License

PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 364: "52 weeks"}
WEEKLY = 180  # days; of more, a point of the chart is a week
SALES, GETS, VIEWS = (
    Measure("Sales", "sale", "sales"),
    Measure("Gets", "get", "gets"),
    Measure("Views", "view", "views"),
)
ORDERS = {"gets": "Most gets", "views": "Most views", "earned": "Most earned"}
LATEST, TOP = 6, 5


@dataclass(frozen=True)
class Day:
    """What happened on a day (UTC), or from it on: views, licenses granted, how many of them for money, shares."""

    day: date
    views: int = 0
    gets: int = 0
    sales: int = 0
    earned: int = 0


@dataclass(frozen=True)
class Figures:
    """The last ``days``, today included, and the balances of all those workspaces together, by currency."""

    days: Sequence[Day]
    balances: dict[str, Balance]
    before: int

    @property
    def views(self) -> int:
        return sum(day.views for day in self.days)

    @property
    def sales(self) -> int:
        return sum(day.sales for day in self.days)

    @property
    def gets(self) -> int:
        return sum(day.gets for day in self.days)

    @property
    def conversion(self) -> str:
        return rate_words(self.gets, self.views)

    @cached_property
    def chart(self) -> Chart:
        """By day, or by week where there are too many of them."""
        step = 7 if len(self.days) > WEEKLY else 1
        stretches = [self.days[at : at + step] for at in range(0, len(self.days), step)]
        return Chart([_point(each) for each in stretches], GETS, VIEWS, SALES)

    @property
    def comparison(self) -> str:
        """``12 more than the 30 before``."""
        difference, span = self.sales - self.before, len(self.days)
        if not difference:
            return f"As many as the {span} days before"
        return f"{abs(difference)} {'more' if difference > 0 else 'fewer'} than the {span} days before"


def _point(days: Sequence[Day]) -> Point:
    first = days[0].day
    name = f"{first.day} {first:%B}"
    if len(days) > 1:
        name = f"Week of {name} {first.year}"
    views, gets, sales = (sum(getattr(day, of) for day in days) for of in ("views", "gets", "sales"))
    return Point(name, f"{first.day} {first:%b}", gets, views, sales)


def may_see_figures(person: Person) -> bool:
    """Whether there is a workspace of theirs whose owner's plan has analytics."""
    return bool(db.session.scalar(sa.select(workspaces_seen(person).exists())))


def first_of(span: int) -> date:
    """The first of the last ``span`` days, today included."""
    return clock.now().date() - timedelta(days=span - 1)


def figures_for(person: Person, span: int) -> Figures:
    """Four statements, whatever was sold."""
    first = first_of(span)
    rows = facts(person, first)
    query = sa.select(rows.c.day, *sums(rows)).group_by(rows.c.day)
    found = {row[0]: [int(part) for part in row[1:]] for row in db.session.execute(query)}
    days = [first + timedelta(days=at) for at in range(span)]
    each = [Day(day, *found.get(day.isoformat(), ())) for day in days]
    mine = db.session.scalars(workspaces_seen(person)).all()
    return Figures(each, balance_of(*mine) if mine else {}, _sold_between(person, first - timedelta(days=span), first))


def top_listings(person: Person, span: int, order: str) -> Sequence[Any]:
    """The listings that lead in one of ``ORDERS`` in the last ``span`` days, with all their measures."""
    rows = facts(person, first_of(span))
    each = sums(rows)
    leading = next(measure for measure in each if measure.key == order)
    query = (
        sa.select(Listing.id, Listing.title, Listing.currency, *each)
        .join(rows, rows.c.listing_id == Listing.id)
        .group_by(Listing.id, Listing.title, Listing.currency)
        .order_by(leading.desc(), Listing.id)
    )
    return db.session.execute(query.limit(TOP)).all()


def latest_sales(person: Person) -> Sequence[Any]:
    """The newest licenses that were paid for: title, when, amount, share, status. Not who: that is theirs to tell."""
    return db.session.execute(sales_of(person).limit(LATEST)).all()


def sales_of(person: Person) -> sa.Select[*tuple[Any, ...]]:
    """Every license that was paid for, the latest first."""
    return (
        sa.select(
            Listing.title, Listing.id, License.granted_at, License.number, License.status, License.amount, License.fee,
            License.share, License.currency,
        )
        .join(Listing, Listing.id == License.listing_id)
        .where(is_theirs(person), License.amount > 0)
        .order_by(License.id.desc())
    )  # fmt: skip


def _sold_between(person: Person, first: date, end: date) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(License)
        .join(Listing, Listing.id == License.listing_id)
        .where(is_theirs(person), License.granted_at >= begin(first), License.granted_at < begin(end))
        .where(License.amount > 0, License.status.in_(EARNED))
    )
    return db.session.scalars(query).one()
