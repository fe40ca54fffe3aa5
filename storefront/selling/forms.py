"""The fields of the editor, a form for each step.

They say what is wrong with what was typed. That something is not typed yet is no mistake: the last step lists it.
"""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_symbol
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from storefront.accounts.forms import printable, stripped
from storefront.catalog.models import LONGEST_TAG, LONGEST_TAGLINE, LONGEST_TITLE, MODELS, MOST_BULLETS, MOST_TAGS
from storefront.catalog.tags import distinct, normalized
from storefront.config import current as settings
from storefront.kit.fields import MoneyField, TagsField
from storefront.kit.money import money_text
from storefront.licenses.terms import TERMS

LONGEST_DESCRIPTION = 20_000
LONGEST_EXAMPLE = 8_000
LONGEST_BULLET, LONGEST_ITEM = 120, 200
HIGHEST_PRICE = 99_999_999  # minor units. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
COVERS_OFFERED = 6
KEPT = "kept"  # the drawn cover that hangs in the catalog already
PICTURE = "picture"  # the cover that was uploaded


def at_most(characters: int) -> Length:
    return Length(max=characters, message=f"Make it {characters:,} characters or fewer.")


def line(label: str, longest: int, **more: Any) -> StringField:
    """One line of text, at most so long."""
    return StringField(label, filters=[stripped], validators=[Optional(), at_most(longest), printable], **more)


def text(label: str, longest: int, **more: Any) -> TextAreaField:
    return TextAreaField(label, filters=[stripped], validators=[Optional(), at_most(longest)], **more)


def one_to_five(_form: Form, field: Field) -> None:
    """Tags in their one spelling must still be tags, and not too many."""
    if len(distinct(field.data)) > MOST_TAGS:
        raise ValidationError(f"{MOST_TAGS} tags are the most. Take one away.")
    for tag in field.data:
        if not normalized(tag):
            raise ValidationError(f"“{tag[:LONGEST_TAG]}” has no letter or figure. Write it another way.")


def within_limits(form: Form, field: Field) -> None:
    """Between what the processor takes at least and at most; only a paid listing asks."""
    if field.data is None or form.pricing.data != "paid":
        return
    least = settings().minimum_price
    if field.data < least:
        raise ValidationError(f"Make it {money_text(least, field.currency)} or more, or choose free.")
    if field.data > HIGHEST_PRICE:
        raise ValidationError(f"{money_text(HIGHEST_PRICE, field.currency)} is the most that can be charged at once.")


class WorkForm(Form):  # type: ignore[misc]  # WTForms ships no types
    work = SelectField(
        "Work",
        description="What people get. Only works made here can be listed, not copies of others'.",
        validate_choice=False,
    )


class WordsForm(Form):  # type: ignore[misc]
    title = line("Title", LONGEST_TITLE, description=f"As it stands on the card, at most {LONGEST_TITLE} characters.")
    tagline = line("Tagline", LONGEST_TAGLINE, description=f"One sentence, at most {LONGEST_TAGLINE} characters.")
    description = text("Description", LONGEST_DESCRIPTION, description="What it does and for whom. Markdown works.")
    tags = TagsField("Tags", description="One to five. People find works by them.", validators=[one_to_five])
    bullet_1 = line("First point", LONGEST_BULLET)
    bullet_2 = line("Second point", LONGEST_BULLET)
    bullet_3 = line("Third point", LONGEST_BULLET)

    @property
    def bullets(self) -> list[str]:
        """The points that were written, in their order."""
        points = (self[f"bullet_{number}"].data for number in range(1, MOST_BULLETS + 1))
        return [point for point in points if point]


class PriceForm(Form):  # type: ignore[misc]
    pricing = RadioField(
        "Pricing", default="free", choices=[SelectChoice("free", "Free"), SelectChoice("paid", "Paid")]
    )
    price = MoneyField("Price", validators=[within_limits])
    terms = RadioField(
        "License", default="personal", choices=[SelectChoice(name, kind.name) for name, kind in TERMS.items()]
    )
    clone_mode = RadioField(
        "When they clone it again",
        default="indefinite",
        choices=[
            SelectChoice("indefinite", "The newest version"),
            SelectChoice("version_only", "The version they got"),
        ],
    )
    all_access = BooleanField("Include it in All-Access")

    def __init__(self, formdata: Any = None, *, currency: str) -> None:
        super().__init__()
        self.price.currency = currency  # before the text is read
        self.process(formdata)

    @property
    def sign(self) -> str:
        return get_currency_symbol(self.price.currency, locale="en_US")


class PictureForm(FlaskForm):  # type: ignore[misc]
    file = FileField("Picture")


def picture_form(id: str, label: str, error: str = "", hint: str = "") -> FlaskForm:
    """The form that brings a picture to one part of the window."""
    form = PictureForm()
    form.file.id, form.file.label.text, form.file.description = id, label, hint
    form.file.errors = [error] if error else []
    return form


class WindowForm(Form):  # type: ignore[misc]
    art = RadioField("Cover", default="0", validate_choice=False)
    example_item = line("Which part of it", LONGEST_ITEM, description="The prompt or step that the example shows.")
    example_input = text("What they give", LONGEST_EXAMPLE)
    example_output = text("What they get", LONGEST_EXAMPLE)
    models = SelectMultipleField(
        "Made for",
        choices=[SelectChoice(model, model) for model in MODELS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
