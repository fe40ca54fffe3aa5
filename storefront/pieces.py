"""``/dev/pieces``: every part of the pages in every state it has, for whoever builds a page. Development only."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from storefront.catalog.wall import front_wall
from storefront.config import current as settings
from storefront.kit.errors import NotFound

blueprint = Blueprint("pieces", __name__)


class PiecesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One field of each look; two of them wrong."""

    title = StringField("Title", description="What people see on the card.", default="Interview Room")
    tagline = StringField("Tagline", default="Prompts for research interviews that never lead the witness, and more")
    models = StringField("Supported models")
    handle = StringField("Handle", description="Set when the workspace was made.", default="@alice")
    price = StringField("Price", description="At least $0.50.", default="24.00")
    low = StringField("Price", description="At least $0.50.", default="0.20")
    description = TextAreaField("Description", default="Nine stages, from recruiting to the readout.")
    sort = SelectField("Sort", choices=[SelectChoice("trending", "Trending"), SelectChoice("newest", "Newest")])
    keep = BooleanField("Tell me about updates", default=True)
    terms = RadioField(
        "License",
        choices=[SelectChoice("commercial", "Commercial"), SelectChoice("personal", "Personal")],
        default="commercial",
    )

    def with_mistakes(self) -> PiecesForm:
        self.tagline.errors = ["Shorten it by 12 characters. The card shows 140."]
        self.low.errors = ["Make it $0.50 or more, or choose free."]
        return self


@blueprint.get("/dev/pieces")
def show() -> str:
    if not settings().dev_pages:
        raise NotFound
    wall = front_wall()
    form = PiecesForm(meta={"csrf": False}).with_mistakes()
    return render_template("dev/pieces.html", form=form, rows=[*wall.trending, *wall.new])
