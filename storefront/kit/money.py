"""Money: whole minor units with a currency. Shares add up, and no float is ever involved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision

BASIS = 10_000  # basis points in a whole


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (cents for USD, yen for JPY) of an ISO 4217 currency."""

    amount: int
    currency: str

    def split_fee(self, *, basis_points: int) -> tuple[Money, Money]:
        """``(fee, share)``: the fee rounded down, the share the rest, so the two always add up."""
        fee = self.amount * basis_points // BASIS
        return Money(fee, self.currency), Money(self.amount - fee, self.currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return money_text(self.amount, self.currency)

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


@lru_cache(maxsize=4096)  # a page shows the same few prices again and again; Babel takes 30 µs for each
def money_text(amount: int, currency: str) -> str:
    """``$12.00`` for 1200 USD, ``¥1,200`` for 1200 JPY: as many digits as the currency has."""
    digits = get_currency_precision(currency)
    return format_currency(Decimal(amount).scaleb(-digits), currency, locale="en_US")


def money_brief(amount: int, currency: str) -> str:
    """``$19`` for 1900 USD, where a whole number is meant to be read at a glance; else as ``money_text``."""
    major = Decimal(amount).scaleb(-get_currency_precision(currency))
    if major != major.to_integral_value():
        return money_text(amount, currency)
    return format_currency(major, currency, "¤#,##0", locale="en_US", currency_digits=False)


def decimal_of(amount: int, currency: str) -> Decimal:
    """``12.00`` for 1200 USD, ``1200`` for 1200 JPY: exact, with as many digits as the currency has."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def decimal_text(amount: int, currency: str) -> str:
    """``12.00`` for 1200 USD, ``1200`` for 1200 JPY: for machines, without sign of the currency or separators."""
    return f"{decimal_of(amount, currency):f}"
