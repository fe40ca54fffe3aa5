"""The one place that tells the time, so that a demo or a test can move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app, has_app_context

from storefront.kit.ids import token


def now() -> datetime:
    """The current time in UTC, timezone-aware; moved by ``CLOCK_FILE`` where that is set."""
    return datetime.now(UTC) + moved_by()


def moved_by() -> timedelta:
    """How far the shop's clock stands from the machine's; zero unless ``CLOCK_FILE`` says otherwise."""
    name = current_app.config["CLOCK_FILE"] if has_app_context() else ""
    if not name:
        return timedelta(0)
    try:
        return timedelta(seconds=int(Path(name).read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta(0)


def move(by: timedelta) -> None:
    """Set the clock ``by`` away from the machine's, for every process that shares ``CLOCK_FILE``.

    Raises RuntimeError in a shop without one: it keeps real time.
    """
    if not current_app.config["CLOCK_FILE"]:
        raise RuntimeError("CLOCK_FILE is not set; this shop keeps real time")
    path = Path(current_app.config["CLOCK_FILE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved, so that nobody reads half a number.
    unfinished = path.with_name(f".{path.name}-{token(6).lower()}")
    unfinished.write_text(str(int(by.total_seconds())), encoding="ascii")
    unfinished.rename(path)
