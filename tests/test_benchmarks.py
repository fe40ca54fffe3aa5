"""The benchmarks run. What they measure is not asserted: time is only worth reading on a machine at rest."""

from __future__ import annotations

import pytest

from tests.benchmarks.__main__ import GROWN, TARGETS, main


def test_make_bench_says_of_each_target_whether_it_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    main(["60", "80", "--rounds", "1", "--orders", "3", "--postings", "2000", "--copies", "2000"])
    lines = capsys.readouterr().out.splitlines()
    said = [line for line in lines if line.endswith(("| met |", "| missed |"))]
    assert len(said) == 2 * len(TARGETS) + len(GROWN) + 2 * len(("SQLite", "PostgreSQL"))
    assert "| 60 listings | µs | beside | µs | ratio | target | |" in lines
