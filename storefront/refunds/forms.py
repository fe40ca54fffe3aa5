"""What people write when they ask for money back, give it, or decide about it."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_symbol
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from storefront.accounts.forms import stripped
from storefront.kit.fields import MoneyField
from storefront.kit.money import money_text

LONGEST = 1000
SHORT_ENOUGH = Length(max=LONGEST, message=f"Make it {LONGEST:,} characters or fewer.")


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    reason = TextAreaField(
        "What was wrong", description="Whoever made it reads this.", filters=[stripped], validators=[SHORT_ENOUGH]
    )


class GiveForm(FlaskForm):  # type: ignore[misc]
    """Everything that is left goes back."""

    reason = TextAreaField(
        "Reason",
        description="The buyer reads this.",
        filters=[stripped],
        validators=[DataRequired("Write a reason."), SHORT_ENOUGH],
    )


class GivePartForm(GiveForm):
    """An operator may give back a part: at most ``left`` minor units of ``currency``."""

    amount = MoneyField("Amount", validators=[InputRequired("Write how much goes back.")])

    def __init__(self, *, left: int, currency: str, **more: Any) -> None:
        super().__init__(meta={"csrf": True}, formdata=None)
        self.left = left
        self.amount.currency = currency  # before the text is read
        self.process(**more)

    @property
    def sign(self) -> str:
        return str(get_currency_symbol(self.amount.currency, locale="en_US"))

    def validate_amount(self, field: MoneyField) -> None:
        if field.data is not None and not 0 < field.data <= self.left:
            raise ValidationError(f"Between one unit and {money_text(self.left, field.currency)}, which is left.")


class ResolveForm(FlaskForm):  # type: ignore[misc]
    note = TextAreaField(
        "What was done",
        description="The buyer sees it on their license.",
        filters=[stripped],
        validators=[DataRequired("Write what was done."), SHORT_ENOUGH],
    )


class DecisionForm(FlaskForm):  # type: ignore[misc]
    verdict = RadioField(
        "What happens",
        choices=[SelectChoice("grant", "Give it back"), SelectChoice("decline", "Decline")],
        validators=[InputRequired("Choose what happens.")],
    )
    answer = TextAreaField(
        "Your answer",
        description="The buyer reads this. Needed if you decline.",
        filters=[stripped],
        validators=[SHORT_ENOUGH],
    )

    def validate_answer(self, field: TextAreaField) -> None:
        if self.verdict.data == "decline" and not field.data:
            raise ValidationError("Write why.")
