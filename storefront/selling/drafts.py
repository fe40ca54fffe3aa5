"""A listing as it is being edited: what was typed in each step, what it would become, and what it still needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form

from storefront.accounts.plans import PLATFORM_LIST, PLATFORM_MONETIZE, PlanNeeded, require
from storefront.catalog.covers import Subject
from storefront.catalog.models import MOST_BULLETS, Listing
from storefront.catalog.pictures import COVER
from storefront.catalog.services import missing
from storefront.kit.fields import amount_text
from storefront.kit.money import Money
from storefront.selling.forms import COVERS_OFFERED, KEPT, PICTURE, PriceForm, WindowForm, WordsForm, WorkForm
from storefront.selling.models import STEPS, DraftPicture, ListingDraft
from storefront.works.models import Version, Work
from storefront.works.origins import unlistable

Typed = Mapping[str, Sequence[str]]
LONGEST_TYPED = 25_000  # characters of one field that are kept, right or wrong
WANTS = {
    "title": ("words", "Write a title."),
    "tagline": ("words", "Write a tagline."),
    "description": ("words", "Write a description."),
    "tags": ("words", "Add a tag."),
    "version": ("work", "Publish a version of the work. What people get is a version, not the work in progress."),
}
FIELDS = {"version": "work"}  # where what is wanted has no field of its name


@dataclass(frozen=True)
class Finding:
    """Something that stands between a draft and the catalog; ``url`` leads elsewhere than to a field of the editor."""

    words: str
    step: str = ""
    field: str = ""
    url: str = ""


@dataclass
class Draft:
    """A listing whose workspace and owner are loaded, and its steps as they were last typed.

    ``works`` are those of its workspace that can be listed, by their public ids; ``version`` is the latest of the
    one that is chosen.
    """

    listing: Listing
    works: Mapping[str, Work]
    rows: dict[str, ListingDraft] = field(default_factory=dict)
    version: Version | None = None
    pictures: Sequence[DraftPicture] = ()

    @cached_property
    def forms(self) -> dict[str, Form]:
        return {step: self.form_of(step, self.typed(step)) for step in STEPS}

    def typed(self, step: str) -> Typed:
        """The texts of a step: as they were last saved, or as the listing has them."""
        row = self.rows.get(step)
        return row.typed if row is not None and row.is_pending else typed_from(self.listing, step)

    def revision(self, step: str) -> int:
        row = self.rows.get(step)
        return row.revision if row is not None else 0

    def form_of(self, step: str, typed: Typed) -> Form:
        """A step's form with these texts in it, validated."""
        data = MultiDict((name, text) for name, texts in typed.items() for text in texts)
        if step == "work":
            form = WorkForm(data)
            form.work.choices = [(public_id, work.title) for public_id, work in self.works.items()]
        elif step == "words":
            form = WordsForm(data)
        elif step == "price":
            form = PriceForm(data, currency=self.listing.currency)
        else:
            form = WindowForm(data)
        form.validate()
        return form

    @property
    def work(self) -> Work:
        """The work that is chosen; the listing's own once it was in the catalog."""
        chosen = self.works.get(next(iter(self.typed("work").get("work", ())), ""))
        return self.listing.work if self.was_published or chosen is None else chosen

    @property
    def was_published(self) -> bool:
        return self.listing.published_at is not None

    @property
    def is_pending(self) -> bool:
        """Whether something typed is not in the listing yet."""
        return any(row.is_pending for row in self.rows.values())

    @property
    def has_newer_version(self) -> bool:
        """Whether the work has a version that the catalog does not give yet."""
        return bool(self.was_published and self.version and self.version.id != self.listing.version_id)

    @property
    def saved(self) -> ListingDraft | None:
        """The step that was saved last."""
        return max(self.rows.values(), key=lambda row: row.saved_at, default=None)

    def values(self) -> dict[str, Any]:
        """The shop window's columns as they are typed."""
        words, price, window = (self.forms[step] for step in STEPS[1:])
        is_paid = price.pricing.data == "paid"
        return {
            **{name: words[name].data or "" for name in ("title", "tagline", "description")},
            "tags": words.tags.data,
            "bullets": words.bullets,
            "pricing": "paid" if is_paid and price.price.data else "free",
            "price": (price.price.data or 0) if is_paid else 0,
            **{name: price[name].data for name in ("terms", "clone_mode", "all_access")},
            **{name: window[name].data or "" for name in ("example_item", "example_input", "example_output")},
            "models": list(window.models.data or ()),
        }

    def as_listing(self) -> Listing:
        """The listing it would become, for pages that show it; no row of the database, and never made one."""
        row = {column.key: getattr(self.listing, column.key) for column in Listing.__table__.columns}
        row |= self.values()
        row["cover_picture"] = self.cover_picture.sha256 if self.cover_picture and self.art == PICTURE else None
        if not self.was_published:
            row |= {"work_id": self.work.id, "kind": self.work.kind, "slug": self.listing.slug}
        shown = Listing(**row, version=self.version, workspace=self.listing.workspace)
        shown.version_id = self.version.id if self.version else None
        return shown

    @property
    def art(self) -> str:
        """Which cover is chosen: ``picture``, ``kept``, or the number of a drawing."""
        chosen = str(self.forms["window"].art.data)
        return chosen if chosen in self.arts else self.arts[0]

    @property
    def arts(self) -> list[str]:
        """The covers to choose from: the drawn one in the catalog, if there is one, drawings, and one's own."""
        kept = [KEPT] if self.listing.cover else []
        own = [PICTURE] if self.cover_picture else []
        return [*kept, *map(str, range(COVERS_OFFERED - len(kept))), *own]

    @property
    def cover_picture(self) -> DraftPicture | None:
        """The cover that was uploaded, chosen or not."""
        return next((each for each in self.pictures if each.place == COVER), None)

    @property
    def gallery(self) -> list[DraftPicture]:
        """The pictures behind the cover, in their order."""
        return sorted((each for each in self.pictures if each.place > COVER), key=lambda each: each.place)

    def subject(self, art: str) -> Subject:
        """What the cover of a number is drawn from."""
        values = self.values()
        seed = f"{self.listing.created_at.isoformat()} {self.listing.id} {art}"
        return Subject(seed=seed, kind=self.work.kind, title=values["title"], tags=tuple(values["tags"]))

    def shares(self, *, basis_points: int) -> tuple[Money, Money, Money] | None:
        """``(price, fee, share)`` of one sale; None for a free listing or while the price can't be sold at."""
        price = self.forms["price"]
        if price.pricing.data != "paid" or not price.price.data or price.price.errors:
            return None
        asked = Money(price.price.data, self.listing.currency)
        return (asked, *asked.split_fee(basis_points=basis_points))

    def findings(self) -> list[Finding]:
        """Everything that is missing or wrong, in the order of the steps; then what the owner's plan has not."""
        return [*self._foreign(), *self._wanted(), *self._wrong(), *self._beyond_the_plan()]

    def wrong_in(self, step: str) -> list[Field]:
        return [each for each in self.forms[step] if each.errors]

    def _foreign(self) -> Iterator[Finding]:
        """Why a work that came from somebody else can't be listed."""
        if reason := unlistable(self.work):
            yield Finding(reason, "work", "work")

    def _wanted(self) -> Iterator[Finding]:
        for name in missing(self.as_listing(), has_version=self.version is not None):
            step, words = WANTS[name]
            yield Finding(words, step, FIELDS.get(name, name))
        price = self.forms["price"]
        if price.pricing.data == "paid" and price.price.data is None and not price.price.text:
            yield Finding("Write a price, or choose free.", "price", "price")

    def _wrong(self) -> Iterator[Finding]:
        for step in STEPS:
            for each in self.wrong_in(step):
                yield Finding(f"{each.label.text}: {each.errors[0]}", step, each.name)

    def _beyond_the_plan(self) -> Iterator[Finding]:
        """In the words of the plans' table."""
        values = self.values()
        earns = self.forms["price"].pricing.data == "paid" or values["all_access"]
        for capability in (PLATFORM_LIST, *([PLATFORM_MONETIZE] if earns else [])):
            try:
                require(self.listing.workspace.owner, capability)
            except PlanNeeded as refusal:
                yield Finding(refusal.message, url=refusal.action_url or "")


def typed_from(listing: Listing, step: str) -> Typed:
    """The texts of a step as they would be typed to make the listing what it is."""
    if step == "work":
        return {"work": [listing.work.public_id]}
    if step == "words":
        points = {f"bullet_{at + 1}": [point] for at, point in enumerate(listing.bullets[:MOST_BULLETS])}
        texts = {name: [getattr(listing, name)] for name in ("title", "tagline", "description")}
        return {**texts, "tags": [", ".join(listing.tags)], **points}
    if step == "price":
        return {
            **{name: [getattr(listing, name)] for name in ("pricing", "terms", "clone_mode")},
            "price": [amount_text(listing.price, listing.currency) if listing.price else ""],
            "all_access": ["y"] if listing.all_access else [],
        }
    texts = {name: [getattr(listing, name)] for name in ("example_item", "example_input", "example_output")}
    art = PICTURE if listing.cover_picture else KEPT if listing.cover else "0"
    return {**texts, "models": list(listing.models), "art": [art]}


def typed_in(step: str, submitted: MultiDict[str, str]) -> Typed:
    """What a form sent for a step: its fields alone, without what no database holds."""
    names = {"work": WorkForm, "words": WordsForm, "price": PriceForm, "window": WindowForm}[step]
    return {
        name: [_storable(text) for text in submitted.getlist(name)][:20]
        for name in _field_names(names)
        if name in submitted
    }


def _field_names(form: type[Form]) -> list[str]:
    return [name for name, value in vars(form).items() if hasattr(value, "field_class")]


def _storable(text: str) -> str:
    """PostgreSQL's JSON has no null character, and UTF-8 no half of a pair."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:LONGEST_TYPED]
