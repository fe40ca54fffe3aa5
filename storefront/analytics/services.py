"""Writing down what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront.accounts.models import Membership
from storefront.analytics.counting import Sight
from storefront.analytics.models import ListingDay, ListingTotal
from storefront.catalog.models import Listing
from storefront.kit.db import Model, db, dialect


def write(seen: Mapping[Sight, int]) -> None:
    """Add views to the days and totals of their listings, but for those of a workspace's own members.

    Five statements, whatever was seen. Of any number of processes that write at once, each adds to what the others
    wrote.
    """
    listings = _listings({sight.slug for sight in seen})
    members = _memberships({sight.person_id for sight in seen if sight.person_id is not None})
    days: Counter[Any] = Counter()
    for sight, views in seen.items():
        found = listings.get(sight.slug)
        if found and (found.workspace_id, sight.person_id) not in members:
            days[found.id, sight.day] += views
    totals: Counter[Any] = Counter()
    for (listing_id, _day), views in days.items():
        totals[listing_id] += views
    # In one order always, so that two processes wait for each other instead of deadlocking.
    _add(ListingDay, ({"listing_id": id, "day": day, "views": days[id, day]} for id, day in sorted(days)))
    _add(ListingTotal, ({"listing_id": id, "views": totals[id]} for id in sorted(totals)))


def _listings(slugs: set[str]) -> dict[str, Any]:
    """Those that are still there: a listing may be deleted before its last view is written."""
    query = sa.select(Listing.slug, Listing.id, Listing.workspace_id).where(Listing.slug.in_(slugs))
    # Held until the end, so that none of them is deleted between here and its row.
    return {row.slug: row for row in db.session.execute(query.with_for_update(read=True, key_share=True))}


def _memberships(people: set[int]) -> set[tuple[int, int]]:
    query = sa.select(Membership.workspace_id, Membership.person_id).where(Membership.person_id.in_(people))
    return {(row[0], row[1]) for row in db.session.execute(query)} if people else set()


def _add(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    if not listed:
        return
    table = cast("sa.Table", model.__table__)
    insert = (postgresql.insert if dialect() == "postgresql" else sqlite.insert)(table)
    more = {"views": table.c.views + insert.excluded.views}
    statement = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=more)
    db.session.connection().execute(statement, listed)
