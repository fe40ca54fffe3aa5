"""Rows of files: what is kept, who brought it, and what is on its way out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Json, Model


class Media(Model):
    """One distinct content. Works with the same file share the row and the bytes.

    ``widths`` are those, in px, in which a picture is kept as WebP, the smallest first; ``width`` and ``height`` are
    its own. The row is written before its bytes, so nothing lies in storage that no row names.
    """

    __tablename__ = "media"
    __table_args__ = (
        sa.CheckConstraint("size >= 0", name="size_positive"),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name="picture_has_both_sides"),
    )

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    mark: Mapped[str] = mapped_column(sa.String(20), default="")
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    widths: Mapped[list[int]] = mapped_column(Json, default=list)
    kept_at: Mapped[datetime]

    @property
    def key(self) -> str:
        return storage_key(self.sha256, self.mark)

    def picture_key(self, width: int) -> str:
        """Where the picture lies in the kept width nearest to ``width`` that is not wider, or in the narrowest."""
        fitting = [each for each in self.widths if each <= width]
        return picture_key(self.sha256, self.mark, max(fitting) if fitting else min(self.widths))


class Upload(Model):
    """A file that a workspace brought in: counted against the plan of its owner while it is kept."""

    __tablename__ = "uploads"

    workspace_id: Mapped[int] = mapped_column(sa.ForeignKey("workspaces.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("media.sha256", ondelete="CASCADE"), primary_key=True)
    uploaded_at: Mapped[datetime]


class Removal(Model):
    """A file whose row is gone and whose bytes are to go: what a sweep began, any other can end."""

    __tablename__ = "removals"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    mark: Mapped[str] = mapped_column(sa.String(20))
    widths: Mapped[list[int]] = mapped_column(Json)
    began_at: Mapped[datetime]

    @property
    def keys(self) -> list[str]:
        """Everything of it that may lie in storage."""
        pictures = [picture_key(self.sha256, self.mark, width) for width in self.widths]
        return [*pictures, storage_key(self.sha256, self.mark)]


def storage_key(sha256: str, mark: str = "") -> str:
    """Where the content with this hash lies; two levels, so that no folder grows too wide."""
    return f"media/{sha256[:2]}/{sha256}{'.' if mark else ''}{mark}"


def picture_key(sha256: str, mark: str, width: int) -> str:
    return f"{storage_key(sha256, mark)}-{width}.webp"


class Derived(sa.Computed):
    """A column that the database fills from others: stored on PostgreSQL, where only such a one can be a foreign key,
    and worked out when it is read on SQLite, where only such a one can be added later."""

    inherit_cache = True

    def __init__(self, sql: str) -> None:
        super().__init__(sql, persisted=True)


@compiles(Derived, "sqlite")
def _derived_on_sqlite(derived: Derived, compiler: Any, **_options: Any) -> str:
    text = compiler.sql_compiler.process(derived.sqltext, include_table=False, literal_binds=True)
    return f"GENERATED ALWAYS AS ({text}) VIRTUAL"


def file_of_content() -> Mapped[str | None]:
    """The column of a table of items that names the file in ``content``: a foreign key, kept by the database itself."""
    return mapped_column(
        sa.String(64),
        Derived("CASE WHEN kind = 'file' THEN content ->> 'sha256' END"),
        sa.ForeignKey("media.sha256"),
        deferred=True,
    )


def index_of_files(table: str) -> sa.Index:
    """What the database looks through when it is asked who refers to a file."""
    has_one = sa.text("file_sha256 IS NOT NULL")
    return sa.Index(f"ix_{table}_file", "file_sha256", postgresql_where=has_one, sqlite_where=has_one)
