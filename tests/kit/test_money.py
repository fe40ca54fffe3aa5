"""Money: whole minor units, shares that add up, text as the currency writes it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.kit.money import BASIS, Money, money_brief, money_text

AMOUNTS = st.integers(min_value=0, max_value=10**12)
RATES = st.integers(min_value=0, max_value=BASIS)


@given(AMOUNTS, RATES)
def test_fee_and_share_add_up_to_what_was_paid(amount: int, rate: int) -> None:
    fee, share = Money(amount, "USD").split_fee(basis_points=rate)

    assert fee + share == Money(amount, "USD")
    assert fee.amount >= 0
    assert share.amount >= 0


@given(AMOUNTS, RATES)
def test_the_fee_is_rounded_down_in_the_creators_favor(amount: int, rate: int) -> None:
    fee, _share = Money(amount, "USD").split_fee(basis_points=rate)
    exact = Fraction(amount * rate, BASIS)

    assert type(fee.amount) is int
    assert exact - 1 < fee.amount <= exact


@pytest.mark.parametrize(
    ("amount", "fee", "share"), [(1200, 180, 1020), (999, 149, 850), (50, 7, 43), (1, 0, 1), (0, 0, 0)]
)
def test_fifteen_percent(amount: int, fee: int, share: int) -> None:
    assert Money(amount, "USD").split_fee(basis_points=1500) == (Money(fee, "USD"), Money(share, "USD"))


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="USD and EUR"):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(ValueError, match="USD and EUR"):
        Money(1, "USD") - Money(1, "EUR")


def test_adding_and_taking_away() -> None:
    assert Money(1200, "USD") - Money(1500, "USD") + Money(1, "USD") == Money(-299, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1200, "USD", "$12.00"),
        (5, "USD", "$0.05"),
        (123456789, "USD", "$1,234,567.89"),
        (-350, "USD", "-$3.50"),
        (1200, "JPY", "¥1,200"),
        (1200, "EUR", "€12.00"),
        (1200, "KWD", "KWD1.200"),
        (10**20 + 1, "USD", "$1,000,000,000,000,000,000.01"),
    ],
)
def test_text_has_as_many_digits_as_the_currency(amount: int, currency: str, text: str) -> None:
    assert money_text(amount, currency) == text
    assert str(Money(amount, currency)) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, "USD", "$0"),
        (1900, "USD", "$19"),
        (1950, "USD", "$19.50"),
        (1900, "JPY", "¥1,900"),
        (190000, "EUR", "€1,900"),
    ],
)
def test_a_whole_price_is_said_briefly(amount: int, currency: str, text: str) -> None:
    assert money_brief(amount, currency) == text
