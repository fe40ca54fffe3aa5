"""What the desk counts, as one table of facts: every view, get, sale and share of a person's listings, with its day.

Days, lists and files all add up the same facts, so they say the same. What counts as earned is what the licenses say,
less what went back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.analytics.models import ListingDay
from storefront.analytics.queries import workspaces_seen
from storefront.catalog.models import Listing
from storefront.licenses.models import License

EARNED = ("completed", "disputed")  # what was refunded or revoked earned nothing
MEASURES = ("views", "gets", "sales", "earned")


def is_theirs(person: Person) -> sa.ColumnElement[bool]:
    """Of a listing: whether ``person`` may see its figures."""
    return Listing.workspace_id.in_(workspaces_seen(person))


def facts(person: Person, first: date) -> sa.Subquery:
    """Rows of ``listing_id``, ``day`` (an ISO text, UTC), ``currency`` and the measures, from the day ``first`` on."""
    none = sa.literal(0)
    looked = (
        sa.select(
            ListingDay.listing_id, sa.cast(ListingDay.day, sa.String).label("day"), Listing.currency.label("currency"),
            ListingDay.views.label("views"), none.label("gets"), none.label("sales"), none.label("earned"),
        )
        .join(Listing, Listing.id == ListingDay.listing_id)
        .where(is_theirs(person), ListingDay.day >= first)
    )  # fmt: skip
    got = (
        sa.select(
            License.listing_id, sa.cast(sa.func.date(License.granted_at), sa.String), License.currency,
            none, sa.literal(1), _is_sale(), _share(),
        )
        .join(Listing, Listing.id == License.listing_id)
        .where(is_theirs(person), License.granted_at >= begin(first))
    )  # fmt: skip
    return sa.union_all(looked, got).subquery("facts")


def sums(rows: sa.Subquery) -> list[sa.Label[int]]:
    """Each measure of ``facts``, added up."""
    return [sa.func.sum(rows.c[name]).label(name) for name in MEASURES]


def rate_words(gets: int, views: int) -> str:
    """Gets of a hundred views: ``2.4%``. Where nobody looked there is none."""
    return f"{100 * gets / views:,.1f}%" if views else "—"


def begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _is_sale() -> sa.ColumnElement[int]:
    """1 for a license that was paid for and earned something, else 0."""
    return sa.case((sa.and_(License.amount > 0, License.status.in_(EARNED)), 1), else_=0)


def _share() -> sa.ColumnElement[int]:
    return sa.case((License.status.in_(EARNED), License.share), else_=0)
