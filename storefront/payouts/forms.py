"""What an owner chooses: the country they are paid in, and where the money of a sale goes."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.validators import AnyOf

from storefront.config import current as settings
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


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]
