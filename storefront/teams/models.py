"""Invitations into a team."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person, Workspace
from storefront.kit import clock
from storefront.kit.db import Model, one_of

INVITED_AS = ("editor", "viewer")
OPEN_SQL = sa.text("accepted_at IS NULL AND revoked_at IS NULL")


class Invitation(Model):
    """Somebody's e-mail, asked into a team in a role. Of the ``letters`` that were sent, the last one's link works."""

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("role", INVITED_AS),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
        sa.Index(
            "uq_invitations_open", "workspace_id", "email", unique=True,
            postgresql_where=OPEN_SQL, sqlite_where=OPEN_SQL,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    email: Mapped[str] = mapped_column(sa.String(255))
    role: Mapped[str] = mapped_column(sa.String(10))
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    letters: Mapped[int]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    workspace: Mapped[Workspace] = relationship(lazy="raise")
    invited_by: Mapped[Person] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """Whether its link lets somebody in now."""
        return self.accepted_at is None and self.revoked_at is None and not self.is_late

    @property
    def is_late(self) -> bool:
        return clock.now() >= self.expires_at

    def is_for(self, person: Person) -> bool:
        """Whether it was sent to this person's own e-mail."""
        return person.email == self.email
