"""People and workspaces. A person's personal workspace holds what they get and what they make."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.kit.db import Model, one_of

PLANS = ("free", "pro", "studio")
ROLES = ("owner", "editor", "viewer")  # the strongest first
LONGEST_HANDLE = 32
OWNER = sa.text("role = 'owner'")


class Person(Model, UserMixin):
    """Somebody with an account. ``confirmed_at`` is when the e-mail was verified.

    ``plan`` is what they have: the better of ``granted_plan``, which an operator gave, and of what they pay for. Who
    ``owes`` had a payment that failed; every page says so, and is not to look it up.

    ``named_since`` is when they let their name stand beside what they cloned; who never did is counted, not named.
    """

    __tablename__ = "people"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        one_of("plan", PLANS),
        one_of("granted_plan", PLANS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    is_operator: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str] = mapped_column(sa.String(10), default="free")
    granted_plan: Mapped[str] = mapped_column(sa.String(10), default="free", server_default="free")
    owes: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    joined_at: Mapped[datetime]
    named_since: Mapped[datetime | None]

    # Flask-Security asks for them; what people may do here is decided by plans and membership.
    roles: list[RoleMixin] = []

    @property
    def is_verified(self) -> bool:
        return self.confirmed_at is not None

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words if len(words) == 1 else (words[0], words[-1]))).upper()


class Workspace(Model):
    """The tenant: owns works, listings and money, and has a public page at ``/@handle``."""

    __tablename__ = "workspaces"
    __table_args__ = (
        one_of("kind", ("personal", "team")),
        sa.CheckConstraint("handle = lower(handle)", name="handle_lower"),
        sa.Index(
            "uq_workspaces_personal",
            "owner_id",
            unique=True,
            postgresql_where=sa.text("kind = 'personal'"),
            sqlite_where=sa.text("kind = 'personal'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    handle: Mapped[str] = mapped_column(sa.String(LONGEST_HANDLE), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    role_line: Mapped[str] = mapped_column(sa.String(120), default="")
    about: Mapped[str] = mapped_column(sa.Text, default="")
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise")


class Membership(Model):
    """A person's place in a workspace."""

    __tablename__ = "memberships"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "workspace_id"),
        one_of("role", ROLES),
        sa.Index(
            "uq_memberships_owner", "workspace_id", "role", unique=True, postgresql_where=OWNER, sqlite_where=OWNER
        ),
    )

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(10))
    since: Mapped[datetime]

    workspace: Mapped[Workspace] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
