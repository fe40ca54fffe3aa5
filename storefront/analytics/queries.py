"""Whose figures somebody may see: those of workspaces they are in and whose owner's plan has analytics."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from storefront.accounts.models import Membership, Person, Workspace
from storefront.accounts.plans import PLANS, PLATFORM_MONETIZE, TABLE


def workspaces_seen(person: Person) -> sa.Select[Any]:
    """Ids of the workspaces whose figures ``person`` sees, to read others' rows by."""
    plans = [plan.name for plan in PLANS if TABLE[PLATFORM_MONETIZE].right(plan) is True]
    owner = aliased(Person)
    return (
        sa.select(Membership.workspace_id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .join(owner, owner.id == Workspace.owner_id)
        .where(Membership.person_id == person.id, owner.plan.in_(plans))
    )
