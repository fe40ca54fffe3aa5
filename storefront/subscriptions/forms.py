"""What subscribers post."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from storefront.accounts.forms import stripped
from storefront.kit.fields import MoneyField
from storefront.subscriptions.changing import REASONS
from storefront.subscriptions.products import INTERVALS, PRODUCTS

LATEST = 2**40  # seconds since 1970 that a date still has a year for
LARGEST = 99_999_999  # minor units; Stripe's own maximum


class ChooseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What to subscribe to, as the pricing page showed it."""

    product = HiddenField(validators=[AnyOf(PRODUCTS)])
    interval = HiddenField(validators=[AnyOf(INTERVALS)])


class ChangeForm(ChooseForm):
    """The price of a change as it was shown: ``due`` in minor units, ``at`` in seconds since 1970."""

    at = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LATEST)])
    due = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST)])


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why it ends. Nobody has to say."""

    reason = SelectField("Why", choices=[("", "I would rather not say"), *REASONS.items()], validate_choice=False)
    comment = TextAreaField(
        "What could be better", filters=[stripped], validators=[Length(max=500, message="Make it 500 characters.")]
    )


class CreditForm(FlaskForm):  # type: ignore[misc]
    """How much of one's earnings pays the plan: at most ``room`` minor units of ``currency``."""

    amount = MoneyField("Amount", validators=[InputRequired("Type an amount.")])

    def __init__(self, *args: Any, room: int, currency: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.room, self.amount.currency = room, currency

    def validate_amount(self, field: MoneyField) -> None:
        if not field.data or field.data > self.room:
            raise ValidationError("Take something, and no more than there is.")
