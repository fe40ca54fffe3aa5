"""Reading people and workspaces."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.accounts.models import Person, Workspace
from storefront.kit.db import db


def personal_workspace(person: Person) -> Workspace:
    """The one workspace that every person has."""
    query = sa.select(Workspace).where(Workspace.owner_id == person.id, Workspace.kind == "personal")
    return db.session.scalars(query).one()


def find_person(email: str) -> Person | None:
    """Whoever signed up with this e-mail, however it is capitalized."""
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
