"""Form fields that more than one slice needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from wtforms import StringField
from wtforms.validators import StopValidation

SEPARATOR = re.compile(r"[,;\n]")


class TagsField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A list of short texts, typed as one line with commas; ``ui/tag_input.html`` makes chips of it.

    ``data`` is a list: trimmed, without empty ones and repetitions (case aside), in the order they were typed.
    """

    data: list[str]

    def process_data(self, value: Sequence[str] | None) -> None:
        self.data = list(value or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            typed = (tag.strip() for text in valuelist for tag in SEPARATOR.split(text))
            self.data = list({tag.casefold(): tag for tag in reversed([*typed]) if tag}.values())[::-1]

    def _value(self) -> str:
        return ", ".join(self.data or ())


class MoneyField(StringField):  # type: ignore[misc]
    """An amount as people write it: ``24``, ``24.00``, ``24,00`` or ``$24.00``.

    ``data`` is in minor units of ``currency``; None while nothing is written, or what can't be read.
    """

    AMOUNT = re.compile(r"[^\d\s.,-]?\s*(\d{1,9})(?:[.,](\d+))?")

    def __init__(self, *args: Any, currency: str = "USD", **kwargs: Any) -> None:
        self.currency = currency
        self.text = ""
        super().__init__(*args, **kwargs)

    def process_data(self, value: int | None) -> None:
        self.data = value
        self.text = "" if value is None else amount_text(value, self.currency)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.text = valuelist[0].strip()
            self.data = self._read()

    def pre_validate(self, _form: Any) -> None:
        if self.text and self.data is None:
            digits = get_currency_precision(self.currency)
            example = amount_text(12 * 10**digits, self.currency)
            raise StopValidation(f"Write an amount such as {example}.")

    def _read(self) -> int | None:
        found = self.AMOUNT.fullmatch(self.text)
        digits = get_currency_precision(self.currency)
        if found is None or len(found[2] or "") > digits:
            return None
        return int(found[1] + (found[2] or "").ljust(digits, "0"))

    def _value(self) -> str:
        return self.text


def amount_text(amount: int, currency: str) -> str:
    """``24.00`` for 2400 USD, ``24`` for 24 JPY: what goes into a field beside the currency's sign."""
    return str(Decimal(amount).scaleb(-get_currency_precision(currency)))
