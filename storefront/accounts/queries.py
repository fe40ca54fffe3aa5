"""Reading people, workspaces, and who may do what in them.

What belongs to a workspace is read through its members: ``memberships`` joined to the row, or ``role_in`` and
``allow`` once the row is loaded. Strangers are told that there is nothing (404); a member who may see but not do it
is told why (403).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from storefront.accounts.models import ROLES, Membership, Person, Workspace
from storefront.kit.db import db
from storefront.kit.errors import Forbidden, NotFound

To = Literal["see", "edit", "own"]
LEAST: dict[To, str] = {"see": "viewer", "edit": "editor", "own": "owner"}


class OnlySeeing(Forbidden):
    title = "You can look, not change."
    message = "You are a viewer in this workspace. Its owner can make you an editor."


class OwnersOnly(Forbidden):
    title = "Only the owner can do this."
    message = "Ask the owner of the workspace to do it, or to hand it over to you."


def personal_workspace(person: Person) -> Workspace:
    """The one workspace that every person has."""
    query = sa.select(Workspace).where(Workspace.owner_id == person.id, Workspace.kind == "personal")
    return db.session.scalars(query).one()


def find_person(email: str) -> Person | None:
    """Whoever signed up with this e-mail, however it is capitalized."""
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def owner_of(workspace_id: int) -> Person:
    """Whose plan a workspace has."""
    return db.session.scalars(
        sa.select(Person).join(Workspace, Workspace.owner_id == Person.id).where(Workspace.id == workspace_id)
    ).one()


def role_in(person: Person | None, workspace_id: int) -> str | None:
    """``owner``, ``editor`` or ``viewer``; None for a stranger, signed in or not."""
    if person is None:
        return None
    membership = db.session.get(Membership, (workspace_id, person.id))
    return membership.role if membership else None


def allow(role: str | None, to: To) -> None:
    """Let somebody with ``role`` go on. Raises NotFound for a stranger, OnlySeeing or OwnersOnly for a member."""
    if role is None:
        raise NotFound
    if may_with(role, to):
        return
    raise OnlySeeing if to == "edit" else OwnersOnly


def may_with(role: str, to: To) -> bool:
    """Whether a role is enough to see, edit or own."""
    return ROLES.index(role) <= ROLES.index(LEAST[to])  # the strongest role is the first


def workspaces_of(person: Person, to: To = "see") -> Sequence[Workspace]:
    """The workspaces in which ``person`` may see, edit or own: the personal one, then teams by their names."""
    enough = [role for role in ROLES if may_with(role, to)]
    query = (
        sa.select(Workspace)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.person_id == person.id, Membership.role.in_(enough))
        .order_by(Workspace.kind, sa.func.lower(Workspace.name), Workspace.id)
    )
    return db.session.scalars(query).all()


def workspace_for(person: Person, handle: str, to: To = "see") -> Workspace:
    """The workspace under ``handle``, if ``person`` may see, edit or own it.

    Raises NotFound for strangers, OnlySeeing or OwnersOnly for members who may not.
    """
    return membership_for(person, handle, to).workspace


def membership_for(person: Person, handle: str, to: To = "see") -> Membership:
    """``workspace_for`` with the role: the membership, with its workspace."""
    query = (
        sa.select(Membership)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(Workspace.handle == handle, Membership.person_id == person.id)
        .options(contains_eager(Membership.workspace))
    )
    membership = db.session.scalar(query)
    allow(membership.role if membership else None, to)
    assert membership is not None
    return membership
