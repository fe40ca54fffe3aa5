"""The clock: the machine's, moved by a file that every process of a demo shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from storefront.kit import clock

DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Flask:
    """An app that knows nothing but its clock's file."""
    shop = Flask(__name__)
    shop.config["CLOCK_FILE"] = str(tmp_path / "var" / "clock")
    return shop


def is_now(moment: datetime) -> bool:
    return abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_without_an_app_it_is_the_machines_time_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert is_now(clock.now())


def test_a_file_that_is_not_there_moves_nothing(shop: Flask) -> None:
    with shop.app_context():
        assert clock.moved_by() == timedelta(0)


@pytest.mark.parametrize("by", [30 * DAY, -2 * DAY, timedelta(0)])
def test_a_moved_clock_is_moved_for_everybody_who_shares_the_file(shop: Flask, by: timedelta) -> None:
    other = Flask("another process")
    other.config["CLOCK_FILE"] = shop.config["CLOCK_FILE"]

    with shop.app_context():
        clock.move(by)
    with other.app_context():
        assert clock.moved_by() == by
        assert is_now(clock.now() - by)


def test_moving_again_counts_from_the_machines_time(shop: Flask) -> None:
    with shop.app_context():
        clock.move(DAY)
        clock.move(2 * DAY)

        assert clock.moved_by() == 2 * DAY


def test_a_clock_being_moved_is_never_read_half_written(shop: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads while the new time is being written gets the one before."""
    seen: list[timedelta] = []
    rename: Callable[[Path, Path], Path] = Path.rename

    def look_first(source: Path, target: Path) -> Path:
        seen.append(clock.moved_by())
        return rename(source, target)

    with shop.app_context():
        clock.move(DAY)
        monkeypatch.setattr(Path, "rename", look_first)
        clock.move(2 * DAY)

        assert seen == [DAY]
        assert clock.moved_by() == 2 * DAY


def test_a_shop_without_the_file_keeps_real_time(shop: Flask) -> None:
    shop.config["CLOCK_FILE"] = ""
    with shop.app_context():
        with pytest.raises(RuntimeError, match="CLOCK_FILE"):
            clock.move(DAY)

        assert is_now(clock.now())
