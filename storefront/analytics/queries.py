"""Reading views. A person sees those of workspaces they are in and whose owner's plan has analytics."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.plans import PLANS, PLATFORM_MONETIZE, TABLE
from storefront.analytics.models import ListingDay
from storefront.catalog.models import Listing
from storefront.kit.db import db


def workspaces_seen(person: Person) -> sa.Select[Any]:
    """Ids of the workspaces whose figures ``person`` may see, to read others' rows by."""
    plans = [plan.name for plan in PLANS if TABLE[PLATFORM_MONETIZE].right(plan) is True]
    owner = aliased(Person)
    return (
        sa.select(Membership.workspace_id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .join(owner, owner.id == Workspace.owner_id)
        .where(Membership.person_id == person.id, owner.plan.in_(plans))
    )


def views_by_day(person: Person, first: date) -> dict[date, int]:
    """Views of all listings that ``person`` sees the figures of, by day from ``first`` on."""
    query = (
        sa.select(ListingDay.day, sa.func.sum(ListingDay.views))
        .join(Listing, Listing.id == ListingDay.listing_id)
        .where(Listing.workspace_id.in_(workspaces_seen(person)), ListingDay.day >= first)
        .group_by(ListingDay.day)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(query)}
