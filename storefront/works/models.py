"""Works, their items, and the immutable versions taken of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storefront.accounts.models import Workspace
from storefront.kit.db import Json, Model, one_of
from storefront.kit.ids import public_id
from storefront.kit.triggers import append_only
from storefront.media.models import file_of_content, index_of_files

WORK_KINDS = ("project", "pack", "flow")
ITEM_KINDS = ("prompt", "graph", "character", "relationship", "page", "block", "file")
KIND_WORDS = {"pack": "Prompt pack", "flow": "Flow", "project": "Project"}
UNDOABLE = ("deletion", "restoration")
LONGEST_WORK_TITLE, LONGEST_ITEM_TITLE = 80, 200
DEEPEST = 12  # pages in pages
MOST_ITEMS = 20_000  # in one work


class Work(Model):
    """Versioned content of one kind, owned by a workspace. A clone remembers the version it was made from.

    ``brought_from`` is what the manifest of a file said of its origin, for a work that came in as one.

    Versions are for good, so a work that has some is emptied and marked when it is deleted; its row stays.
    """

    __tablename__ = "works"
    __table_args__ = (one_of("kind", WORK_KINDS), sa.Index("ix_works_workspace", "workspace_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_WORK_TITLE))
    origin_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("versions.id", use_alter=True))
    brought_from: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    workspace: Mapped[Workspace] = relationship(lazy="raise")


class Item(Model):
    """One node of a work. ``content`` is an object whose shape its kind decides."""

    __tablename__ = "items"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["work_id", "parent_key"], ["items.work_id", "items.key"], deferrable=True, initially="DEFERRED"
        ),
        one_of("kind", ITEM_KINDS),
        sa.Index("ix_items_parent", "work_id", "parent_key", "position"),
        index_of_files("items"),
    )

    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_ITEM_TITLE))
    content: Mapped[dict[str, Any]]
    file_sha256: Mapped[str | None] = file_of_content()


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
    __table_args__ = (one_of("kind", ITEM_KINDS), index_of_files("version_items"))

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("versions.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_ITEM_TITLE))
    content: Mapped[dict[str, Any]]
    file_sha256: Mapped[str | None] = file_of_content()


class Undo(Model):
    """A way back from a deed, usable once: it keeps the items that the deed took away."""

    __tablename__ = "undos"
    __table_args__ = (one_of("deed", UNDOABLE), sa.Index("ix_undos_work", "work_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True, default=lambda: public_id("und"))
    work_id: Mapped[int] = mapped_column(sa.ForeignKey("works.id", ondelete="CASCADE"))
    deed: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_ITEM_TITLE))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UndoItem(Model):
    """An item as it was before a deed."""

    __tablename__ = "undo_items"
    __table_args__ = (one_of("kind", ITEM_KINDS), index_of_files("undo_items"))

    undo_id: Mapped[int] = mapped_column(sa.ForeignKey("undos.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.String(60))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(LONGEST_ITEM_TITLE))
    content: Mapped[dict[str, Any]]
    file_sha256: Mapped[str | None] = file_of_content()


append_only(Version.__table__)
append_only(VersionItem.__table__)
