"""A file's row. The bytes lie in storage under their own hash."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model


class Media(Model):
    """One distinct content. Two works with the same file share the row and the bytes."""

    __tablename__ = "media"
    __table_args__ = (sa.CheckConstraint("size >= 0", name="size_positive"),)

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    kept_at: Mapped[datetime]

    @property
    def key(self) -> str:
        return storage_key(self.sha256)


def storage_key(sha256: str) -> str:
    """Where the content with this hash lies; two levels, so that no folder grows too wide."""
    return f"media/{sha256[:2]}/{sha256}"
