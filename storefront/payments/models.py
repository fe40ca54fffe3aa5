"""The events Stripe sent, each kept once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit.db import Model, one_of

STATES = ("kept", "handled", "ignored", "failed", "parked")


class StripeEvent(Model):
    """One event. ``kept`` waits for its handling, ``failed`` is tried again, ``parked`` waits for an operator."""

    __tablename__ = "stripe_events"
    __table_args__ = (one_of("state", STATES), sa.Index("ix_stripe_events_state", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(sa.String(80), unique=True)
    type: Mapped[str] = mapped_column(sa.String(80))
    account: Mapped[str | None] = mapped_column(sa.String(80))
    livemode: Mapped[bool]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(sa.String(10), default="kept")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    @property
    def subject(self) -> dict[str, Any]:
        """The object the event is about, as Stripe sent it."""
        found: dict[str, Any] = self.payload.get("data", {}).get("object", {})
        return found
