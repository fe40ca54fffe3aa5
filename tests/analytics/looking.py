"""People who look at listings, as a browser asks for a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.analytics.counting import Sight
from storefront.analytics.models import ListingDay, ListingTotal
from storefront.analytics.services import write
from storefront.analytics.watching import views_of
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
}
PAGE = "/listings/field-notes"


def visitor(number: int = 1, **more: str | None) -> dict[str, Any]:
    """What a request of the ``number``-th visitor is made with; headers by their names, None leaves one out."""
    headers = {**BROWSER, **{name.replace("_", "-"): value for name, value in more.items()}}
    address = f"192.0.2.{number}"
    return {
        "headers": {name: value for name, value in headers.items() if value is not None},
        "environ_overrides": {"REMOTE_ADDR": address},
    }


def written(app: Flask) -> dict[str, int]:
    """Write what was counted; all days by their dates. The totals must be their sum."""
    settle_reads()
    views_of(app).flush()
    days = db.session.execute(sa.select(ListingDay.listing_id, ListingDay.day, ListingDay.views)).all()
    sums: dict[int, int] = {}
    for listing_id, _day, views in days:
        sums[listing_id] = sums.get(listing_id, 0) + views
    totals = db.session.execute(sa.select(ListingTotal.listing_id, ListingTotal.views)).all()
    assert {row[0]: row[1] for row in totals} == sums
    settle_reads()
    by_day: dict[str, int] = {}
    for _id, day, views in days:
        by_day[day.isoformat()] = by_day.get(day.isoformat(), 0) + views
    return by_day


def views(app: Flask) -> int:
    """Write what was counted, and say how many views there are of everything."""
    return sum(written(app).values())


def look_at(slug: str, views: int, *, days_ago: int = 0) -> None:
    """So many views of a listing on one day."""
    with step():
        write({Sight(slug, clock.now().date() - timedelta(days=days_ago)): views} if views else {})


def change_plan(person: Person, plan: str) -> None:
    with step():
        db.session.get_one(Person, person.id).plan = plan
