"""A saved prompt: a copy of its words, and where it came from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model

SEARCHED = 10_000  # characters of a text that search looks through
KEPT = sa.text("removed_at IS NULL")


class SavedPrompt(Model):
    """A prompt on a person's list, once for each item of a work. A removed one waits a day for being put back.

    One that came from no work has neither ``work_id`` nor ``item_key``.
    """

    __tablename__ = "saved_prompts"
    __table_args__ = (
        sa.Index(
            "uq_saved_prompts_kept", "person_id", "work_id", "item_key",
            unique=True, postgresql_where=KEPT, sqlite_where=KEPT,
        ),
        sa.Index("ix_saved_prompts_person", "person_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(40), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    work_id: Mapped[int | None] = mapped_column(sa.ForeignKey("works.id", ondelete="SET NULL"))
    item_key: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(200))
    work_title: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    search_text: Mapped[str] = mapped_column(sa.Text)
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


def search_text_of(title: str, text: str) -> str:
    """What search looks through, in whichever case: both engines fold only some letters by themselves."""
    return f"{title}\n{text[:SEARCHED]}".casefold()
