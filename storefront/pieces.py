"""``/dev/pieces``: every part of the pages in every state it has, for whoever builds a page. Development only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from wtforms import BooleanField, MultipleFileField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from storefront.catalog.wall import front_wall
from storefront.config import current as settings
from storefront.kit.charts import Chart, Measure, Point
from storefront.kit.errors import NotFound, Refusal, wants_json
from storefront.kit.fields import TagsField
from storefront.kit.money import money_text

blueprint = Blueprint("pieces", __name__)

SALES = Measure("Sales", "sale", "sales")
VIEWS = Measure("Views", "view", "views")
GETS = Measure("Gets", "get", "gets")
SOLD = (2, 4, 2, 4, 4, 2, 2, 2, 4, 2, 1, 1, 4, 2, 2, 3, 2, 7, 5, 0, 2, 1, 1, 0, 2, 4, 3, 3, 0, 3)
LOOKED = (96, 132, 112, 116, 147, 77, 110, 82, 115, 82, 78, 81, 154, 85, 114, 122, 115, 206, 146, 91)
LONG = "A work whose title was written by somebody who had a great deal to say about it, and said all of it"


CROWDED = SimpleNamespace(
    slug="crowded", title=LONG, price=123_456_789, currency="USD", kind="project", all_access=True, cover=None,
    cover_picture=None, creator_name="The Society for the Preservation of Very Long Names in Software",
)  # fmt: skip


class PiecesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One field of each look; some of them wrong."""

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
    example = TextAreaField("Example output", default="A page of notes, as long as it is.")
    order = SelectField("Order", choices=[SelectChoice("set", "Set by the shop")])
    password = PasswordField("Password")
    locked = BooleanField("Part of every plan", default=True)
    pricing = RadioField("Pricing", choices=[SelectChoice("free", "Free"), SelectChoice("paid", "Paid")])
    tags = TagsField("Tags", description="One to five. Enter adds one.", default=["research", "interviews"])
    no_tags = TagsField("Tags", description="One to five. Enter adds one.")
    full_tags = TagsField("Tags", default=["one", "two", "three", "four", "a-tag-as-long-as-they-go"])

    def with_mistakes(self) -> PiecesForm:
        self.tagline.errors = ["Shorten it by 12 characters. The card shows 140."]
        self.low.errors = ["Make it $0.50 or more, or choose free."]
        self.example.errors = ["Shorten it by 120 characters."]
        self.pricing.errors = ["Choose one. It can be changed later."]
        self.no_tags.errors = ["Add a tag. People find works by them."]
        return self


class UploadForm(FlaskForm):  # type: ignore[misc]  # as above
    files = MultipleFileField("Pictures")


@blueprint.get("/dev/pieces")
def show() -> str:
    check_allowed()
    wall = front_wall()
    form = PiecesForm(meta={"csrf": False}).with_mistakes()
    return render_template(
        "dev/pieces.html",
        form=form,
        uploads=UploadForm(),
        drawn_url=drawn_url,
        rows=[*wall.trending, *wall.new],
        charts=charts(),
        long=LONG,
        crowded=CROWDED,
    )


@blueprint.post("/dev/pieces/uploads")
def try_upload() -> Response:
    """Take files and forget them, so that the piece can be tried. An empty one is refused."""
    check_allowed()
    files = request.files.getlist("files")
    if not files or any(not file.read(1) for file in files):
        raise Refusal("The file is empty. Choose another.")
    return make_response("", 204) if wants_json() else make_response(redirect(url_for("pieces.show"), 303))


def drawn_url(sha256: str, width: int) -> str:
    """The address of a drawn cover, for the piece that shows kept pictures; those are wider."""
    return url_for("catalog.cover", sha256=sha256, width=min(width, 1280))


def check_allowed() -> None:
    if not settings().dev_pages:
        raise NotFound


def charts() -> dict[str, Chart]:
    """A chart of each kind: one dot one sale, one dot many, a part of them, money by month, hardly any, and none."""
    last = date(2026, 11, 25)
    days = [last - timedelta(days=back) for back in range(29, -1, -1)]
    views = (LOOKED * 2)[:30]
    sold = [day_point(day, *of) for day, *of in zip(days, SOLD, views, strict=True)]
    many = [day_point(day, many * 9, seen * 12) for day, many, seen in zip(days, SOLD, views, strict=True)]
    money = Measure("Yours", "", "", figure=lambda amount: money_text(amount, "USD"))
    months = ("June", "July", "August", "September", "October", "November")
    earned = (42_000, 61_250, 38_080, 97_410, 128_460, 74_800)
    return {
        "days": Chart(sold, SALES, VIEWS),
        "many": Chart(many, SALES, VIEWS),
        "part": Chart([replace(each, dots=each.dots + 2, part=each.dots) for each in sold], GETS, VIEWS, SALES),
        "money": Chart([Point(f"{name} 2026", name, sum) for name, sum in zip(months, earned, strict=True)], money),
        "few": Chart([day_point(day, int(day == last), 2) for day in days[-3:]], SALES, VIEWS),
        "none": Chart([day_point(day, 0, 0) for day in days], SALES, VIEWS),
    }


def day_point(day: date, sold: int, seen: int) -> Point:
    return Point(f"{day.day} {day:%B}", f"{day.day} {day:%b}", sold, seen)
