"""What a person chooses for a new token."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from storefront.accounts.forms import printable, stripped
from storefront.api.models import LONGEST_NAME
from storefront.api.scopes import SCOPES

LIVES = {"30": "30 days", "90": "90 days", "365": "A year", "0": "Until you revoke it"}


class TokenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField(
        "Name",
        description="What it is for, such as the program or the computer.",
        filters=[stripped],
        validators=[
            DataRequired("Write a name, so that you know it again."),
            Length(max=LONGEST_NAME, message=f"Make it {LONGEST_NAME} characters or fewer."),
            printable,
        ],
    )
    scopes = SelectMultipleField(
        "What it may do",
        choices=[SelectChoice(scope, words) for scope, words in SCOPES.items()],
        validators=[DataRequired("Choose at least one.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField("It works for", default="90", choices=[SelectChoice(*each) for each in LIVES.items()])
