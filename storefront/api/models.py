"""Personal access tokens. The secret itself is nowhere, only its hash."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Person
from storefront.kit import clock
from storefront.kit.db import Model

PREFIX = "sfp_"  # by which scanners of secrets, and people, know one
LONGEST_NAME = 60
HINT = 4  # characters of a secret that its list shows


class ApiToken(Model):
    """Lets a program act for a person, as far as its scopes go. ``digest`` is the SHA-256 of a random secret.

    200 random bits need no salt and no slow hashing, and are found by an index without comparing secrets.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (
        sa.CheckConstraint("length(digest) = 64", name="digest_whole"),
        sa.Index("ix_api_tokens_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hint: Mapped[str] = mapped_column(sa.String(HINT))
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def is_good(self) -> bool:
        """Whether it still opens anything; ``person`` must be loaded."""
        return self.revoked_at is None and not self.has_expired and self.person.active

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
