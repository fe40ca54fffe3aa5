"""Works, their items, and the immutable versions taken of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Workspace
from storefront.kit.db import Model, one_of
from storefront.kit.triggers import append_only

WORK_KINDS = ("project", "pack", "flow")
ITEM_KINDS = ("prompt", "graph", "character", "relationship", "page", "block", "file")
KIND_WORDS = {"pack": "Prompt pack", "flow": "Flow", "project": "Project"}


class Work(Model):
    """Versioned content of one kind, owned by a workspace. A clone remembers the version it was made from."""

    __tablename__ = "works"
    __table_args__ = (one_of("kind", WORK_KINDS), sa.Index("ix_works_workspace", "workspace_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(80))
    origin_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("versions.id", use_alter=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    workspace: Mapped[Workspace] = relationship(lazy="raise")


class Item(Model):
    """One node of a work. ``content`` is an object whose shape its kind decides."""

    __tablename__ = "items"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["work_id", "parent_key"], ["items.work_id", "items.key"], deferrable=True, initially="DEFERRED"
        ),
        one_of("kind", ITEM_KINDS),
    )

    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[dict[str, Any]]


class Version(Model):
    """A numbered snapshot of a work with a changelog line. Never changes once published."""

    __tablename__ = "versions"
    __table_args__ = (
        sa.UniqueConstraint("work_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id"))
    number: Mapped[int]
    changelog: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[datetime]
    item_counts: Mapped[dict[str, Any]]

    work: Mapped[Work] = relationship(lazy="raise", foreign_keys=[work_id])


class VersionItem(Model):
    """An item as it was in a version."""

    __tablename__ = "version_items"
    __table_args__ = (one_of("kind", ITEM_KINDS),)

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[dict[str, Any]]


append_only(Version.__table__)
append_only(VersionItem.__table__)
