"""What people write when they report a listing, and operators when they decide."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from storefront.accounts.forms import EMAIL, LONGEST_NAME, printable
from storefront.moderation.models import LONGEST_ADDRESS, LONGEST_DETAILS, Report
from storefront.moderation.rules import NAMES
from storefront.moderation.services import Claim

SWORN = ("claimed_work", "contact_name", "contact_address", "contact_email", "good_faith", "under_penalty")
CHOICES = [SelectChoice("", "Choose a reason"), *(SelectChoice(reason, name) for reason, name in NAMES.items())]
VERDICTS = [SelectChoice("uphold", "Uphold"), SelectChoice("dismiss", "Dismiss"), SelectChoice("restore", "Restore")]


def one_line_ends(text: str | None) -> str | None:
    """Browsers send two characters for the end of a line; it counts as one."""
    return text.replace("\r\n", "\n").strip() if text else text


def if_sworn(form: Form, _field: Field) -> None:
    """What is asked of a copyright claim alone is not looked at in another."""
    if form.reason.data != "copyright":
        raise StopValidation


def if_other(form: Form, field: Field) -> None:
    if form.reason.data == "other" and not field.data:
        raise StopValidation("Say what is wrong.")


def at_most(characters: int) -> Length:
    return Length(max=characters, message=f"Make it {characters:,} characters or fewer.")


class ReportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    reason = SelectField("What is wrong", choices=CHOICES, validators=[InputRequired("Choose a reason.")])
    details = TextAreaField("Details", filters=[one_line_ends], validators=[if_other, at_most(LONGEST_DETAILS)])
    claimed_work = TextAreaField(
        "Your work",
        description="What was copied, and where the original can be seen.",
        filters=[one_line_ends],
        validators=[if_sworn, DataRequired("Describe the work that was copied."), at_most(LONGEST_DETAILS)],
    )
    contact_name = StringField(
        "Your full name",
        filters=[one_line_ends],
        validators=[if_sworn, DataRequired("Write your full name."), at_most(LONGEST_NAME), printable],
    )
    contact_address = TextAreaField(
        "Your postal address",
        filters=[one_line_ends],
        validators=[if_sworn, DataRequired("Write your postal address."), at_most(LONGEST_ADDRESS)],
    )
    contact_email = EmailField("E-mail for questions about it", filters=[one_line_ends], validators=[if_sworn, *EMAIL])
    good_faith = BooleanField(
        "I believe in good faith that this use is not allowed by the owner, an agent of theirs, or the law.",
        validators=[if_sworn, DataRequired("This statement is needed.")],
    )
    under_penalty = BooleanField(
        "Under penalty of perjury: what I write here is true, and I own the right or act for its owner.",
        validators=[if_sworn, DataRequired("This statement is needed.")],
    )

    @classmethod
    def of(cls, report: Report | None) -> ReportForm:
        """The form as it was sent before. Its statements are to be made again."""
        return cls(obj=report)

    @property
    def claim(self) -> Claim:
        """What was said, once it is valid."""
        said: dict[str, Any] = {"reason": self.reason.data, "details": self.details.data or ""}
        if self.reason.data == "copyright":
            said |= {name: self[name].data for name in SWORN[:4]}
        return Claim(**said)


class DecisionForm(FlaskForm):  # type: ignore[misc]
    verdict = RadioField("What happens", choices=VERDICTS, validators=[InputRequired("Choose what happens.")])
    reason = TextAreaField(
        "Reason",
        description="Goes into the audit log, and to those whom it concerns.",
        filters=[one_line_ends],
        validators=[DataRequired("Write a reason. A decision without one is not kept."), at_most(LONGEST_DETAILS)],
    )
