"""Thousands of listings at once, written as rows: for what must not grow with the catalog."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.catalog.facets import facets_of
from storefront.catalog.models import FacetCount, Listing, ListingFacet
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, dialect, step
from storefront.works.models import Version, Work
from storefront.works.services import make_work, publish_version
from tests.worlds import ITEMS

KINDS = ("pack", "flow", "project")
KEYS = ("trending_even", "trending_odd", "newest", "price")


def add_listings(by: Person, first: int, last: int) -> None:
    """Published listings number ``first`` to ``last``: many ties in price and trending, tags from common to rare."""
    workspace = personal_workspace(by)
    with step():
        work = make_work(workspace, "pack", "Bulk", ITEMS)
        version = publish_version(work, "First release.", by=by)
        rows = [row(number, workspace.id, work, version) for number in range(first, last + 1)]
        db.session.execute(sa.insert(Listing), rows)
        if dialect() == "postgresql":  # its counter does not see the ids that were given
            db.session.execute(sa.select(sa.func.setval("listings_id_seq", last)))
        facets = [
            {"listing_id": each["id"], "facet": facet, **{key: each[key] for key in KEYS}}
            for each in rows
            for facet in facets_of(cast(Listing, SimpleNamespace(**each)))
        ]
        db.session.execute(sa.insert(ListingFacet), facets)
        _count(Counter(each["facet"] for each in facets))


def happened(name: str, listing: int, *, times: int = 1, ago: timedelta = timedelta(0)) -> None:
    """The events that a get (``license.granted``) or a sale (``order.paid``) of ``listing`` leaves."""
    with step():
        db.session.add_all(
            Event(
                at=clock.now() - ago, name=name, actor_id=None, workspace_id=None, subject_type="licenses",
                subject_id=number, data={"listing": listing},
            )
            for number in range(times)
        )  # fmt: skip


def _count(added: Counter[str]) -> None:
    for one in db.session.scalars(sa.select(FacetCount)):
        one.listings += added.pop(one.facet, 0)
    db.session.add_all(FacetCount(facet=facet, listings=listings) for facet, listings in added.items())


def row(number: int, workspace_id: int, work: Work, version: Version) -> dict[str, Any]:
    """One listing. Every second is tagged ``half``, every tenth ``tenth``, every fortieth ``rare``."""
    now = clock.now() - timedelta(days=1000) + timedelta(minutes=number)
    free = number % 7 == 0
    tags = ["every"] + [tag for tag, step in (("half", 2), ("tenth", 10), ("rare", 40)) if number % step == 0]
    return {
        "id": number, "slug": f"bulk-{number}", "workspace_id": workspace_id, "work_id": work.id,
        "version_id": version.id, "state": "published", "kind": KINDS[number % 3], "title": f"Common work {number}",
        "tagline": "One of very many.", "description": "Bulk.", "tags": tags,
        "models": ["Claude", "GPT"] if number % 4 else ["Claude"], "bullets": [], "currency": "USD",
        "pricing": "free" if free else "paid", "price": 0 if free else 100 + number // 30 % 9 * 100,
        "all_access": number % 4 == 0, "created_at": now, "updated_at": now, "published_at": now,
        "newest": number, "trending_even": number * 7919 % 1000, "trending_odd": number * 104729 % 1000,
        "search_text": " ".join(tags),
    }  # fmt: skip
