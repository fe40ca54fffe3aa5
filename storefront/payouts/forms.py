"""What an owner chooses: the country they are paid in, and where the money of a sale goes."""

from __future__ import annotations

from babel.numbers import get_currency_symbol
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from storefront.accounts.forms import stripped
from storefront.config import current as settings
from storefront.kit.fields import MoneyField
from storefront.kit.money import Money
from storefront.payouts.words import country_name


class CountryForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where the holder of the account lives, or their company is. It can't be changed once Stripe knows them."""

    country = SelectField("Your country", validate_choice=False)

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        codes = settings().payout_country_codes
        self.country.choices = [("", "Choose"), *sorted(((code, country_name(code)) for code in codes), key=_by_name)]
        self.country.validators = [AnyOf(codes, message="Choose your country.")]


class SettlementForm(FlaskForm):  # type: ignore[misc]
    """Where the money of sales to come goes."""

    settlement = RadioField(
        "Where your share of a sale goes",
        choices=[("held", "Held by the shop"), ("destination", "To your Stripe account at once")],
    )


class RunForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the proof that the shop's own page was used."""


class ByHandForm(FlaskForm):  # type: ignore[misc]
    """A payout that an operator made without Stripe."""

    handle = StringField("Workspace", validators=[DataRequired("Say whose it is.")], filters=[stripped])
    amount = MoneyField("Amount", validators=[InputRequired("Say how much you paid.")])
    reference = StringField(
        "Reference",
        filters=[stripped],
        validators=[
            DataRequired("Say how to find it in the bank's statement."),
            Length(max=60, message="Make it 60 characters or fewer."),
        ],
    )

    def __init__(self, **more: object) -> None:
        super().__init__(formdata=None)
        self.amount.currency = settings().currency  # before the text is read
        self.process(**more)

    @property
    def sign(self) -> str:
        return str(get_currency_symbol(self.amount.currency, locale="en_US"))

    @property
    def money(self) -> Money:
        """What was paid, of a form that is valid."""
        return Money(int(self.amount.data or 0), self.amount.currency)

    def validate_amount(self, field: MoneyField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError("Write how much you paid.")


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]
