"""Facets: what a catalog page can filter by, kept in step with the listings and counted as they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront.catalog.models import SORT_KEYS, FacetCount, Listing, ListingFacet
from storefront.kit.db import db, dialect

ALL = "all"


def facets_of(listing: Listing) -> set[str]:
    """Every facet of a published listing, ``all`` among them."""
    prices = {f"price:{listing.pricing}"} | ({"price:all_access"} if listing.all_access else set())
    tags = {f"tag:{tag}" for tag in listing.tags}
    models = {f"model:{model}" for model in listing.models}
    return {ALL, f"kind:{listing.kind}"} | prices | tags | models


def keep_facets(listing: Listing, facets: set[str]) -> None:
    """Make ``facets`` the listing's own and keep the counts exact."""
    mine = ListingFacet.listing_id == listing.id
    before = set(db.session.scalars(sa.select(ListingFacet.facet).where(mine)))
    db.session.execute(sa.delete(ListingFacet).where(mine))
    if facets:
        db.session.execute(sa.insert(ListingFacet), facet_rows(listing, facets))
    count_facets({**dict.fromkeys(before - facets, -1), **dict.fromkeys(facets - before, +1)})


def facet_rows(listing: Listing, facets: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of ``listing_facets`` that say so."""
    keys = {key: getattr(listing, key) for key in SORT_KEYS}
    return [{"listing_id": listing.id, "facet": facet, **keys} for facet in sorted(facets)]


def count_facets(steps: Mapping[str, int]) -> None:
    """Add to the stored count of each facet."""
    insert = postgresql.insert if dialect() == "postgresql" else sqlite.insert
    # In one order always, so that two publications at once wait for each other instead of deadlocking.
    for facet, step in sorted(steps.items()):
        statement = insert(FacetCount).values(facet=facet, listings=max(step, 0))
        statement = statement.on_conflict_do_update(
            index_elements=[FacetCount.facet], set_={"listings": FacetCount.listings + step}
        )
        db.session.execute(statement)
