"""Whatever buyers, creators, banks and Stripe do, in whatever order: the books balance, and they are Stripe's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Shop
from tests.ledger.market import play
from tests.stripe import Stripe

STEPS = 500  # of each part; the parts run side by side, and `make soak` goes on for longer


@pytest.mark.parametrize("part", range(4))
def test_the_books_are_stripes_whatever_happens(shops: Callable[[str], Shop], stripe: Stripe, part: int) -> None:
    counted = play(shops("sqlite"), stripe, STEPS, start=part)

    assert counted["steps"] >= STEPS
    # Nothing is proven of what never happened.
    assert min(counted[deed] for deed in ("proven", "buy", "give", "dispute", "payday", "payout sent")) > 0
