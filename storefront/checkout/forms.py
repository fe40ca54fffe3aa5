"""What **Get** posts: the price that was seen, so that nobody pays another."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

LARGEST = 99_999_999  # minor units; Stripe's own maximum


class GetForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Price in minor units and currency, as the page showed them."""

    price = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, LARGEST)])
    currency = HiddenField(validators=[InputRequired(), Length(3, 3)])
