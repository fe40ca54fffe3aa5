"""Currencies: which are spoken, their decimals, the smallest charge in each, and amounts as text.

Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

#: The smallest charge in minor units.
MINIMUM = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
#: The largest charge: eight digits of minor units.
MAXIMUM = 99_999_999
#: https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL = frozenset({"jpy"})


def money_text(amount: int, currency: str) -> str:
    """2400 and "usd" as "$24.00"; `amount` is in minor units."""
    places = 0 if currency in ZERO_DECIMAL else 2
    return format_currency(Decimal(amount).scaleb(-places), currency.upper(), locale="en_US")
