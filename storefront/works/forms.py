"""What people type about a work as a whole."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, FileField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from storefront.works.container.phrases import phrase_field
from storefront.works.models import KIND_WORDS, LONGEST_WORK_TITLE
from storefront.works.shapes import is_blank, one_line, tidy

LONGEST_CHANGELOG = 5000


def line(text: str | None) -> str | None:
    return one_line(text) if text else text


def words(text: str | None) -> str | None:
    return tidy(text).strip() if text else text


def seen(_form: Form, field: Field) -> None:
    """Refuses what has no letter, figure or sign in it."""
    if is_blank(field.data or ""):
        raise ValidationError("Write at least one letter.")


TITLE = (
    DataRequired("Give it a name."),
    Length(max=LONGEST_WORK_TITLE, message=f"Names of works have at most {LONGEST_WORK_TITLE} characters."),
    seen,
)


class NewWork(FlaskForm):  # type: ignore[misc]
    kind = RadioField("Kind", choices=[(kind, KIND_WORDS[kind]) for kind in KIND_WORDS], default="pack")
    title = StringField("Name", filters=[line], validators=TITLE)
    workspace = SelectField("Workspace", description="Whose it will be.")


class WorkTitle(FlaskForm):  # type: ignore[misc]
    title = StringField("Name", filters=[line], validators=TITLE)


class NewVersion(FlaskForm):  # type: ignore[misc]
    changelog = TextAreaField(
        "What changed",
        description="For those who have the work already. Markdown.",
        filters=[words],
        validators=(
            DataRequired("Say in a line what changed."),
            Length(max=LONGEST_CHANGELOG, message=f"Make it {LONGEST_CHANGELOG:,} characters or fewer."),
            seen,
        ),
    )


class ImportedText(FlaskForm):  # type: ignore[misc]
    file = FileField("A file", description="Markdown (.md) or JSON (.json), at most 16 MB.")
    text = TextAreaField("Or its text", filters=[words])


class ExportedWork(FlaskForm):  # type: ignore[misc]
    phrase = phrase_field()


class UploadedFile(FlaskForm):  # type: ignore[misc]
    file = FileField("File")


class UploadedPicture(FlaskForm):  # type: ignore[misc]
    file = FileField("Picture")


def upload_form(key: str, kind: str, error: str = "") -> FlaskForm:
    """The form that brings a file, or a picture, to an item; a page may hold one for each of its blocks."""
    form = UploadedPicture() if kind == "picture" else UploadedFile()
    form.file.id = f"i-{key}-upload"
    form.file.errors = [error] if error else []
    return form


class ImportedWork(FlaskForm):  # type: ignore[misc]
    file = FileField("A .pmtpk file", description="At most 256 MB. It becomes a work of its own.")
    phrase = StringField("Pass phrase", description="If the file was made with one.", validators=(Length(max=200),))
    workspace = SelectField("Workspace", description="Whose it will be.")
