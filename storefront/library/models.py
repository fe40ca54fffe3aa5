"""Clones: which work was made under which license, and what later versions brought into it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.kit.db import Json, Model
from storefront.kit.ids import public_id
from storefront.kit.page_stamps import shown_to_strangers
from storefront.licenses.models import License
from storefront.media.models import file_of_content, index_of_files
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


class CloneName(Model):
    """Somebody who cloned a listing and lets their name stand beside it."""

    __tablename__ = "clone_names"
    __table_args__ = (
        sa.Index("ix_clone_names_latest", "listing_id", "cloned_at"),
        sa.Index("ix_clone_names_person", "person_id"),
    )

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    cloned_at: Mapped[datetime]


class Update(Model):
    """Changes of a later version that were taken into a clone, or turned down, in one go. Undone as a whole.

    ``positions`` are those that items had before, by key, where taking moved them. ``is_complete`` says that
    nothing of the version was left to answer.
    """

    __tablename__ = "clone_updates"
    __table_args__ = (sa.Index("ix_clone_updates_work", "work_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: public_id("upd"))
    work_id: Mapped[int] = mapped_column(sa.ForeignKey("clones.work_id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"))
    is_complete: Mapped[bool] = mapped_column(default=False)
    positions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class UpdateItem(Model):
    """The answer to one change, and the clone's item as it was before; no kind if there was none."""

    __tablename__ = "clone_update_items"
    __table_args__ = (index_of_files("clone_update_items"),)

    update_id: Mapped[int] = mapped_column(sa.ForeignKey("clone_updates.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    taken: Mapped[bool]
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int | None]
    kind: Mapped[str | None] = mapped_column(sa.String(20))
    title: Mapped[str | None] = mapped_column(sa.String(200))
    content: Mapped[dict[str, Any] | None] = mapped_column(Json)
    file_sha256: Mapped[str | None] = file_of_content()


shown_to_strangers(CloneName.__table__)
