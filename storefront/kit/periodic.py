"""Work that comes round every few minutes. What it found and mended is counted, so that operators see that it runs.

The latest run of each is one row; a run that mended something leaves another, for thirty days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storefront.kit import clock
from storefront.kit.db import Model, db, step
from storefront.kit.inserts import insert_if_new

KEEP = timedelta(days=30)
DAILY = 24 * 60


@dataclass(frozen=True)
class Tally:
    """What a run found of one kind (words for operators, in the plural), and how much of it is mended now."""

    kind: str
    found: int
    mended: int


@dataclass(frozen=True)
class Periodic:
    """Something to do every ``minutes``; ``run`` makes its own steps, and a sweep counts what it found.

    ``minutes`` is up to an hour, or ``DAILY``: in the small hours, UTC. ``does`` says it to operators.
    """

    name: str
    run: Callable[[], Sequence[Tally] | None]
    minutes: int = 1
    does: str = ""

    @property
    def at(self) -> dict[str, str]:
        """When it is due, in the words of cron."""
        return {"minute": "17", "hour": "3"} if self.minutes == DAILY else {"minute": f"*/{self.minutes}"}


class PeriodicRun(Model):
    """The latest run of one piece of periodic work; ``error`` says how it failed, if it did."""

    __tablename__ = "periodic_runs"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    tallies: Mapped[list[dict[str, Any]]]
    error: Mapped[str] = mapped_column(sa.Text, default="")


class Mending(Model):
    """A run that found something amiss and mended it."""

    __tablename__ = "mendings"
    __table_args__ = (
        sa.CheckConstraint("mended > 0 AND mended <= found", name="mended_what_was_found"),
        sa.Index("ix_mendings_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(80))
    found: Mapped[int]
    mended: Mapped[int]


def run_periodic(work: Periodic) -> Sequence[Tally]:
    """Do it now and write down how it went. Whatever it raises is written down too, and raised."""
    began = clock.now()
    try:
        tallies = work.run() or ()
    except Exception as error:
        db.session.rollback()
        with step():
            _note(work, began, (), f"{type(error).__name__}: {error}"[:2000])
        raise
    with step():
        _note(work, began, tallies, "")
    return tallies


def _note(work: Periodic, began: datetime, tallies: Sequence[Tally], error: str) -> None:
    now = clock.now()
    values = {"began_at": began, "ended_at": now, "tallies": [asdict(each) for each in tallies], "error": error}
    if not insert_if_new(PeriodicRun, name=work.name, **values):
        db.session.execute(sa.update(PeriodicRun).where(PeriodicRun.name == work.name).values(**values))
    for each in tallies:
        if each.mended:
            db.session.add(Mending(at=now, name=work.name, kind=each.kind, found=each.found, mended=each.mended))
    db.session.execute(sa.delete(Mending).where(Mending.at < now - KEEP))
