"""What people type about a team."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from storefront.accounts.forms import EMAIL, LONGEST_NAME, printable, stripped
from storefront.accounts.models import LONGEST_HANDLE

LONGEST_ABOUT = 500
HANDLE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ROLE_CHOICES = [SelectChoice("editor", "Editor"), SelectChoice("viewer", "Viewer")]


def lowered(text: str | None) -> str | None:
    return text.strip().lower() if text else text


def says_something(_form: Form, field: Field) -> None:
    if not any(char.isalnum() for char in field.data):
        raise ValidationError("Write a name with letters or figures.")


class TeamForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField(
        "Name",
        description="As others will see it.",
        filters=[stripped],
        validators=[
            DataRequired("Write a name."),
            Length(max=LONGEST_NAME, message=f"Make it {LONGEST_NAME} characters or fewer."),
            printable,
            says_something,
        ],
    )
    handle = StringField(
        "Address",
        description="Small letters, figures and single hyphens. Its public page is at /@ and this.",
        filters=[lowered],
        validators=[
            DataRequired("Write an address."),
            Length(max=LONGEST_HANDLE, message=f"Make it {LONGEST_HANDLE} characters or fewer."),
            Regexp(HANDLE, message="Use small letters, figures and single hyphens, such as quiet-press."),
        ],
    )
    about = TextAreaField(
        "About",
        filters=[stripped],
        validators=[Length(max=LONGEST_ABOUT, message=f"Make it {LONGEST_ABOUT} characters or fewer.")],
    )


class InvitationForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("E-mail", filters=[stripped], validators=EMAIL)
    role = RadioField("Role", choices=ROLE_CHOICES, default="editor", validators=[InputRequired("Choose a role.")])


class RoleForm(FlaskForm):  # type: ignore[misc]
    role = RadioField("Role", choices=ROLE_CHOICES, validators=[InputRequired("Choose a role.")])
