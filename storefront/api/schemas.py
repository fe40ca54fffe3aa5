"""What goes in and out, as Marshmallow schemas. The document shows them under their names."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from storefront.catalog.models import (
    CLONE_MODES,
    LONGEST_TAG,
    LONGEST_TAGLINE,
    LONGEST_TITLE,
    MODELS,
    MOST_BULLETS,
    MOST_TAGS,
    PRICINGS,
    STATES,
    TERMS,
)
from storefront.kit.paging import LONGEST_CURSOR, UNSTORABLE
from storefront.moderation.models import REASONS
from storefront.selling.forms import (
    HIGHEST_PRICE,
    LONGEST_BULLET,
    LONGEST_DESCRIPTION,
    LONGEST_EXAMPLE,
    LONGEST_ITEM,
)
from storefront.subscriptions.products import ALL_ACCESS, INTERVALS
from storefront.subscriptions.products import PRODUCTS as SOLD

LONGEST_PROMPT_TITLE, LONGEST_PROMPT, MOST_PROMPTS = 200, 50_000, 1000
NO_SEPARATOR = r"[^,;\n]*\Z"


def about(words: str, **more: Any) -> dict[str, Any]:
    """Words about a field for the document; ``metadata=about("…")``."""
    return {"description": words, **more}


class Text(fields.String):
    """A text that both databases hold: no null character and no half of a pair."""

    def __init__(self, longest: int | None = None, pattern: str = "", **more: Any) -> None:
        if longest is not None:
            more["validate"] = validate.Length(max=longest)
        if pattern:
            more["validate"] = [more["validate"], validate.Regexp(pattern)]
        super().__init__(**more)

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        text = super()._deserialize(value, *rest, **more)
        if text and UNSTORABLE.search(text):
            raise ValidationError("It has a character that can't be kept.")
        return text or ""


class Asked(Schema):
    """Parameters of an address. What they don't know is let go."""

    class Meta:
        unknown = EXCLUDE


class Sent(Schema):
    """A body. What it doesn't know is refused, so that a misspelled name is noticed."""

    class Meta:
        unknown = RAISE


class After(Asked):
    after = Text(LONGEST_CURSOR, metadata=about("The `next` of the page before."))


def page_of(schema: type[Schema], **more: Any) -> Schema:
    """One page of a list."""
    parts: dict[str, Any] = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next": fields.String(
            required=True, allow_none=True, metadata=about("The cursor of the next page; null on the last.")
        ),
        **more,
    }
    return Schema.from_dict(parts, name=f"{schema.__name__}Page")()


class Card(Schema):
    """A listing in the catalog."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    url = fields.String(required=True, metadata=about("Its page."))
    title = fields.String(required=True)
    tagline = fields.String(required=True)
    kind = fields.String(required=True, metadata=about("`pack`, `flow` or `project`."))
    price = fields.Integer(required=True, metadata=about("In minor units; 0 is free."))
    currency = fields.String(required=True)
    all_access = fields.Boolean(required=True)
    cover_url = fields.String(required=True, allow_none=True)
    creator_name = fields.String(required=True)
    creator_handle = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)


class Outline(Schema):
    """The title of an item that is inside, and of those below it."""

    kind = fields.String(required=True)
    title = fields.String(required=True)
    children = fields.List(fields.Nested(lambda: Outline()), required=True)


class VersionLine(Schema):
    number = fields.Integer(required=True)
    changelog = fields.String(required=True)
    published_at = fields.AwareDateTime(required=True)


class Offer(Card):
    """A listing with everything that its page says."""

    description = fields.String(required=True, metadata=about("Markdown."))
    tags = fields.List(fields.String(), required=True)
    models = fields.List(fields.String(), required=True)
    bullets = fields.List(fields.String(), required=True)
    terms = fields.String(required=True)
    clone_mode = fields.String(required=True)
    is_for_sale = fields.Boolean(required=True, metadata=about("Whether it can be got now."))
    contents = fields.List(fields.Nested(Outline), required=True)
    versions = fields.List(fields.Nested(VersionLine), required=True, metadata=about("The newest three."))


class ListingRow(Schema):
    """One of your listings."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    workspace = fields.String(required=True, metadata=about("The name of its workspace."))
    price = fields.Integer(required=True)
    currency = fields.String(required=True)
    gets = fields.Integer(required=True)
    sales = fields.Integer(required=True)
    earned = fields.Integer(required=True, metadata=about("Your share of its sales, in minor units."))
    views = fields.Integer(required=True, allow_none=True, metadata=about("Null where the plan has no analytics."))
    is_pending = fields.Boolean(required=True, metadata=about("Whether it has changes that are not published."))
    published_at = fields.AwareDateTime(required=True, allow_none=True)


class Window(Sent):
    """The shop window of a listing."""

    title = Text(LONGEST_TITLE, required=True)
    tagline = Text(LONGEST_TAGLINE, load_default="")
    description = Text(LONGEST_DESCRIPTION, load_default="", metadata=about("Markdown."))
    tags = fields.List(
        Text(LONGEST_TAG, metadata=about("No comma, semicolon or line break."), pattern=NO_SEPARATOR),
        load_default=list, validate=validate.Length(max=MOST_TAGS),
    )  # fmt: skip
    bullets = fields.List(Text(LONGEST_BULLET), load_default=list, validate=validate.Length(max=MOST_BULLETS))
    pricing = Text(load_default="free", validate=validate.OneOf(PRICINGS))
    price = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(0, HIGHEST_PRICE), metadata=about("In minor units.")
    )
    terms = Text(load_default="personal", validate=validate.OneOf(TERMS))
    clone_mode = Text(load_default="indefinite", validate=validate.OneOf(CLONE_MODES))
    all_access = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    example_item = Text(LONGEST_ITEM, load_default="")
    example_input = Text(LONGEST_EXAMPLE, load_default="")
    example_output = Text(LONGEST_EXAMPLE, load_default="")
    models = fields.List(Text(validate=validate.OneOf(MODELS)), load_default=list)


class Finding(Schema):
    """Something that stands between a listing and the catalog."""

    field = fields.String(required=True, metadata=about("Empty where it is about no field."))
    words = fields.String(required=True)


class Draft(Schema):
    """A listing as it is being edited. What was changed shows in the catalog once it is published."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    state = fields.String(required=True)
    work = fields.String(required=True, metadata=about("The id of its work."))
    currency = fields.String(required=True)
    suspended_reason = fields.String(required=True)
    is_pending = fields.Boolean(required=True)
    window = fields.Nested(Window, required=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class NewListing(Sent):
    work = Text(100, required=True, metadata=about("The id of one of your works, as its address in the studio has it."))


class Licensed(Schema):
    """A license that you hold or held."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    title = fields.String(required=True)
    slug = fields.String(required=True)
    kind = fields.String(required=True)
    creator = fields.String(required=True)
    terms = fields.String(required=True)
    clone_mode = fields.String(required=True)
    amount = fields.Integer(required=True)
    currency = fields.String(required=True)
    granted_at = fields.AwareDateTime(required=True)
    refundable_until = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, metadata=about("The version that was got."))
    latest = fields.Integer(required=True, metadata=about("The newest version of the work."))
    work = fields.String(required=True, allow_none=True, metadata=about("The id of your newest copy."))
    is_usable = fields.Boolean(required=True, metadata=about("Whether new copies may be made under it."))


class Bought(Schema):
    """Something you paid for."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    amount = fields.Integer(required=True, metadata=about("What was paid, tax included, in minor units."))
    currency = fields.String(required=True)
    paid_at = fields.AwareDateTime(required=True)
    license = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    receipt_url = fields.String(required=True)


class Checkout(Sent):
    """What to get, and the price that was seen: if it has changed, nothing is charged."""

    listing = Text(100, required=True, metadata=about("The id or slug of a listing."))
    price = fields.Integer(required=True, strict=True, validate=validate.Range(0, HIGHEST_PRICE))
    currency = Text(required=True, validate=validate.Length(equal=3))


class Onward(Schema):
    url = fields.String(required=True)


class Got(Onward):
    """For a free listing the license, and where it is; else the page of Stripe to pay at, and no license yet."""

    license = fields.String(required=True, allow_none=True)


class Into(Sent):
    workspace = Text(64, load_default="", metadata=about("The handle of a workspace; your own if none is named."))


class Cloned(Onward):
    """A new copy in a workspace of yours."""

    work = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.Integer(required=True)


class Link(Onward):
    """A link for you alone, followed with your token or in your browser."""

    expires_at = fields.AwareDateTime(required=True)


class Complaint(Sent):
    """A report. Only a copyright claim needs what comes after `details`."""

    listing = Text(100, required=True, metadata=about("The id or slug of a listing."))
    reason = Text(required=True, validate=validate.OneOf(REASONS))
    details = Text(load_default="")
    claimed_work = Text(load_default="")
    contact_name = Text(load_default="")
    contact_address = Text(load_default="")
    contact_email = Text(load_default="")
    good_faith = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    under_penalty = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class Reported(Schema):
    id = fields.String(required=True, attribute="public_id")
    state = fields.String(required=True)


class Connect(Sent):
    workspace = Text(64, load_default="", metadata=about("The handle of a workspace that you own; your own if none."))
    country = Text(2, load_default="", metadata=about("ISO 3166, where you live; needed the first time."))


class Prompt(Sent):
    """A prompt to keep. Without an id it is a new one."""

    id = Text(40, attribute="public_id")
    title = Text(required=True, validate=validate.Length(min=1, max=LONGEST_PROMPT_TITLE))
    text = Text(LONGEST_PROMPT, required=True)
    note = Text(LONGEST_PROMPT, load_default="")


class Prompts(Sent):
    """The whole list, the latest first."""

    prompts = fields.List(fields.Nested(Prompt), required=True, validate=validate.Length(max=MOST_PROMPTS))


class ListedPrompt(Schema):
    id = fields.String(required=True, attribute="public_id")
    title = fields.String(required=True)
    text = fields.String(required=True)
    note = fields.String(required=True)
    work_title = fields.String(required=True, metadata=about("Of the work it came from; empty for one of your own."))
    saved_at = fields.AwareDateTime(required=True)


class PromptList(Schema):
    """Your saved prompts, the latest first."""

    prompts = fields.List(fields.Nested(ListedPrompt), required=True)
    most = fields.Integer(required=True, metadata=about("How many your plan has room for."))


class Balance(Schema):
    """Of one currency, in minor units."""

    currency = fields.String(required=True)
    held = fields.Integer(required=True, metadata=about("Until the refund window is over."))
    payable = fields.Integer(required=True)
    reserved = fields.Integer(required=True, metadata=about("While a payment is disputed."))
    in_transit = fields.Integer(required=True)
    paid = fields.Integer(required=True)
    spent = fields.Integer(required=True)


class Month(Schema):
    """What one month brought, in minor units."""

    month = fields.String(required=True, metadata=about("Such as `2026-11`."))
    currency = fields.String(required=True)
    sales = fields.Integer(required=True)
    earned = fields.Integer(required=True)
    given_back = fields.Integer(required=True)
    paid = fields.Integer(required=True)
    other = fields.Integer(required=True)


class WorkspaceRevenue(Schema):
    handle = fields.String(required=True)
    name = fields.String(required=True)
    balances = fields.List(fields.Nested(Balance), required=True)
    months = fields.List(fields.Nested(Month), required=True)


class Revenue(Schema):
    """What each of your workspaces earned."""

    currency = fields.String(required=True, metadata=about("The shop's currency."))
    workspaces = fields.List(fields.Nested(WorkspaceRevenue), required=True)


class Copied(Schema):
    """What you copied with All-Access, and how many copies are left."""

    id = fields.String(required=True)
    copies_this_month = fields.Integer(required=True)
    copies_remaining = fields.Integer(required=True, metadata=about("That can be made now."))
    payout_earned = fields.Integer(
        required=True, metadata=about("What it credits its creator, in minor units; 0 if it does not count.")
    )


class MonthOfCopies(Schema):
    """What the counted copies of a month bring."""

    billing_month = fields.String(required=True, metadata=about("Such as `2026-11`, in UTC."))
    copy_count = fields.Integer(required=True)
    amount_cents = fields.Integer(required=True, metadata=about("In minor units, less what went back since."))
    status = fields.String(
        required=True,
        validate=validate.OneOf(["open", "closed", "paid"]),
        metadata=about("An open month may change; a paid one has left the balance."),
    )


class CopyEarnings(Schema):
    """What All-Access brings a workspace, in the shop's currency."""

    account_balance_dollars = fields.Decimal(required=True, metadata=about("What is payable, sales included."))
    total_earnings_dollars = fields.Decimal(required=True, metadata=about("Of all months below."))
    monthly_earnings = fields.List(fields.Nested(MonthOfCopies), required=True, metadata=about("The latest first."))


class OfWorkspace(Asked):
    workspace = Text(64, load_default="", metadata=about("The handle of a workspace; your own if none is named."))


class Subscribe(Sent):
    """What to subscribe to."""

    product = Text(load_default=ALL_ACCESS, validate=validate.OneOf(SOLD))
    interval = Text(load_default="month", validate=validate.OneOf(INTERVALS))


class SubscriptionPage(Schema):
    """Where a person subscribes, on Stripe's page."""

    sessionId = fields.String(required=True)
    url = fields.String(required=True)


class Subscribed(Schema):
    """A subscription, or the last one of its kind."""

    id = fields.String(required=True)
    product = fields.String(required=True, metadata=about("`pro`, `studio` or `all_access`."))
    interval = fields.String(required=True)
    status = fields.String(required=True, metadata=about("Stripe's word, such as `active` or `past_due`."))
    serves = fields.Boolean(required=True, metadata=about("Whether what it pays for may be used now."))
    amount = fields.Integer(required=True)
    currency = fields.String(required=True)
    period_end = fields.AwareDateTime(required=True)
    cancel_at = fields.AwareDateTime(required=True, allow_none=True)
    next_product = fields.String(required=True, allow_none=True)


class Standing(Schema):
    """What you subscribe to, and your copies of this month."""

    plan = fields.String(required=True, metadata=about("The plan you have, given or paid for."))
    subscriptions = fields.List(fields.Nested(Subscribed), required=True)
    copies_this_month = fields.Integer(required=True)
    copies_remaining = fields.Integer(required=True)
