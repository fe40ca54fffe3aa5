"""Whatever buyers, creators, banks and Stripe do, in whatever order: the books balance, and they are Stripe's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Shop
from tests.ledger.market import Market
from tests.stripe import Stripe

STEPS = 500  # of each part; the parts run side by side
PARTS = range(4)
IN_A_ROW = 50
GAMES = 10  # with one seed


def play(shop: Shop, stripe: Stripe, steps: int, *, start: int) -> Counter[str]:
    """Play until ``steps`` were made, always the same ones from the same ``start``. Returns what happened how often."""
    counted: Counter[str] = Counter()
    games = 0
    while counted["steps"] < steps:
        play_on = settings(
            max_examples=GAMES,
            stateful_step_count=IN_A_ROW,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        machine: Any = seed(start * 100_000 + games)(lambda: Market(shop, stripe, counted))
        run_state_machine_as_test(machine, settings=play_on)
        games += 1
    return counted


@pytest.mark.parametrize("part", PARTS)
def test_the_books_are_stripes_whatever_happens(shops: Callable[[str], Shop], stripe: Stripe, part: int) -> None:
    counted = play(shops("sqlite"), stripe, STEPS, start=part)

    assert counted["proven"] > 0
