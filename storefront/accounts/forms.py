"""What people type to sign in, join and look after their password."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, Form, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation, ValidationError

LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
LONGEST_NAME = 80
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


def stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def email_address(_form: Form, field: Field) -> None:
    """Refuses what can't be an e-mail address; writes the rest as it will be kept, in lower case."""
    try:
        # Whether a domain takes mail is found out by sending some; .test is for who tries the shop.
        valid = validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise StopValidation("Write an e-mail address such as ana@example.com.") from None
    field.data = valid.normalized.lower()


def printable(_form: Form, field: Field) -> None:
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in field.data):
        raise ValidationError("Write it with letters, figures and spaces only.")


EMAIL = (
    DataRequired("Write your e-mail address."),
    Length(max=LONGEST_EMAIL, message="That is too long for an e-mail address."),
    email_address,
)
PASSWORD = (
    InputRequired("Write your password."),
    Length(max=LONGEST_PASSWORD, message=f"Passwords have at most {LONGEST_PASSWORD} characters."),
)
NEW_PASSWORD = (
    InputRequired("Choose a password."),
    Length(min=SHORTEST_PASSWORD, message=f"Make it {SHORTEST_PASSWORD} characters or more."),
    Length(max=LONGEST_PASSWORD, message=f"Make it {LONGEST_PASSWORD} characters or fewer."),
)
AT_LEAST = f"{SHORTEST_PASSWORD} characters or more. A few words in a row are easy to keep in mind."


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    email = EmailField("E-mail", filters=[stripped], validators=EMAIL)
    password = PasswordField("Password", validators=PASSWORD)


class JoinForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name",
        description="As others will see it. Your page's address is drawn from it.",
        filters=[stripped],
        validators=[
            DataRequired("Write your name."),
            Length(max=LONGEST_NAME, message=f"Make it {LONGEST_NAME} characters or fewer."),
            printable,
        ],
    )
    email = EmailField("E-mail", filters=[stripped], validators=EMAIL)
    password = PasswordField("Password", description=AT_LEAST, validators=NEW_PASSWORD)


class LetterForm(FlaskForm):  # type: ignore[misc]
    """Asks for a letter with a link, to reset a password or to confirm an e-mail."""

    email = EmailField("E-mail", filters=[stripped], validators=EMAIL)


class ResetForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("New password", description=AT_LEAST, validators=NEW_PASSWORD)


class ChangeForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("Password you have now", validators=PASSWORD)
    new_password = PasswordField("New password", description=AT_LEAST, validators=NEW_PASSWORD)


class SettingsForm(FlaskForm):  # type: ignore[misc]
    is_named = BooleanField("Show my name on works I cloned")
