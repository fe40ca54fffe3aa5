"""The table of everything that happened, and the triggers that keep it so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model
from storefront.kit.triggers import append_only


class Event(Model):
    """Something that happened: who did what to which subject, and when."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_subject", "subject_type", "subject_id"),
        sa.Index("ix_events_name", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(sa.String(80))
    actor_id: Mapped[int | None]
    workspace_id: Mapped[int | None]
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    data: Mapped[dict[str, Any]]


append_only(Event.__table__)
