"""Clones: which work was made under which license."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.kit.db import Model
from storefront.licenses.models import License
from storefront.works.models import Version, Work

FIRST_SQL = sa.text("is_first")
FIRST_SQLITE = sa.text("is_first = 1")


class Clone(Model):
    """A work made from a version under a license. The first comes with the license, once."""

    __tablename__ = "clones"
    __table_args__ = (
        sa.Index(
            "uq_clones_first",
            "license_id",
            unique=True,
            postgresql_where=FIRST_SQL,
            sqlite_where=FIRST_SQLITE,
        ),
        sa.Index("ix_clones_license", "license_id"),
    )

    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id"), primary_key=True)
    license_id: Mapped[int] = mapped_column(sa.ForeignKey("licenses.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"))
    is_first: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]

    work: Mapped[Work] = relationship(lazy="raise")
    license: Mapped[License] = relationship(lazy="raise")
    version: Mapped[Version] = relationship(lazy="raise")
