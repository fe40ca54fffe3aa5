"""Calendar months in UTC, written as ``2026-11``."""

from __future__ import annotations

from datetime import UTC, datetime


def month_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m")


def end_of(month: str) -> datetime:
    """The first moment after a month. Raises ValueError for what is no month."""
    first = start_of(month)
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def start_of(month: str) -> datetime:
    """The first moment of a month. Raises ValueError for what is no month."""
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
