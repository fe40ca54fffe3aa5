"""Rows of the shop as the API shows them, and what comes in as the shop's forms take it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request

from storefront.catalog.cards import SHOWN, cover_url
from storefront.catalog.models import Listing
from storefront.catalog.window import Entry, outline, versions_of
from storefront.kit.errors import Invalid, Refusal
from storefront.kit.fields import amount_text
from storefront.kit.paging import Page
from storefront.kit.urls import absolute_url
from storefront.library.holdings import Holding
from storefront.library.purchases import Purchase
from storefront.saved.models import SavedPrompt
from storefront.selling.drafts import Draft, Typed
from storefront.selling.table import Row

Answer = tuple[dict[str, Any], int, dict[str, str]]


class ChangedMeanwhile(Refusal):
    status = 412
    title = "Something changed meanwhile."
    message = "What you send was made from an older state. Read it again, then send your change."


class StateNotNamed(Refusal):
    status = 428
    title = "Say what you have seen."
    message = "Send If-Match with the ETag that reading gave you, so that nobody's change is lost."


def site(path: str) -> str:
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def paged(items: Sequence[Any], next: str | None, **more: Any) -> Answer:
    """One page of a list; the address of the next also stands in ``Link`` (RFC 8288)."""
    headers = {}
    if next:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
        headers["Link"] = f'<{site(request.path)}?{urlencode([*kept, ("after", next)])}>; rel="next"'
    return {"items": items, "next": next, **more}, 200, headers


def page(found: Page[Any], shape: Any) -> Answer:
    return paged([shape(row) for row in found.rows], found.next)


def etag(*parts: Any) -> str:
    """A mark of a state: another one for any other parts."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def refuse_unless_seen(current: str, *, needed: bool = False) -> None:
    """Raises ChangedMeanwhile if ``If-Match`` names another state; StateNotNamed if it names none and is needed."""
    if "If-Match" not in request.headers:
        if needed:
            raise StateNotNamed
    elif current not in request.if_match:
        raise ChangedMeanwhile


def card(row: Any) -> dict[str, Any]:
    """A listing, or the plain row of a card."""
    shown = {name: getattr(row, name) for name in SHOWN}
    has_cover = row.cover or row.cover_picture
    places = {
        "url": absolute_url("catalog.listing", slug=row.slug),
        "cover_url": site(cover_url(row, 640)) if has_cover else None,
    }
    if isinstance(row, Listing):
        return {**shown, **places, "creator_name": row.workspace.name, "creator_handle": row.workspace.handle}
    return {**shown, **places, "creator_name": row.creator_name, "creator_handle": row.creator_handle}


def offer(listing: Listing) -> dict[str, Any]:
    names = ("description", "tags", "models", "bullets", "terms", "clone_mode", "is_for_sale")
    inside = {"contents": [_entry(each) for each in outline(listing)], "versions": versions_of(listing)}
    return {**card(listing), **{name: getattr(listing, name) for name in names}, **inside}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind, "title": entry.title, "children": [_entry(each) for each in entry.children]}


def listing_row(row: Row) -> dict[str, Any]:
    names = ("id", "slug", "state", "price", "currency", "gets", "sales", "is_pending", "published_at")
    shown = {name: getattr(row.listing, name) for name in names}
    return {**shown, "title": row.title, "workspace": row.listing.name, "earned": row.earned, "views": row.views}


def draft_mark(draft: Draft) -> str:
    listing = draft.listing
    steps = sorted((row.step, row.revision) for row in draft.rows.values())
    return etag(listing.id, listing.updated_at, listing.state, steps)


def draft(found: Draft, status: int = 200) -> Answer:
    """A listing as it is being edited, with the mark of its state."""
    listing = found.listing
    shown = {name: getattr(listing, name) for name in ("id", "slug", "state", "currency", "suspended_reason")}
    findings = [{"field": each.field, "words": each.words} for each in found.findings()]
    more = {"work": found.work.public_id, "is_pending": found.is_pending, "window": found.values()}
    return {**shown, **more, "findings": findings}, status, {"ETag": f'"{draft_mark(found)}"'}


def typed_of(draft: Draft, window: dict[str, Any]) -> dict[str, Typed]:
    """A shop window as it would be typed in the editor, whose forms know what is right. Raises Invalid."""
    currency = draft.listing.currency
    words = {name: [window[name]] for name in ("title", "tagline", "description")}
    points = {f"bullet_{at}": [point] for at, point in enumerate(window["bullets"], 1)}
    price = {name: [window[name]] for name in ("pricing", "terms", "clone_mode")}
    amount = amount_text(window["price"], currency) if window["price"] else ""
    shown = {name: [window[name]] for name in ("example_item", "example_input", "example_output")}
    typed: dict[str, Typed] = {
        "words": {**words, "tags": [", ".join(window["tags"])], **points},
        "price": {**price, "price": [amount], "all_access": ["y"] if window["all_access"] else []},
        "window": {**shown, "models": window["models"], "art": draft.typed("window").get("art", [])},
    }
    errors = {
        _field(each.name): list(each.errors)
        for step, texts in typed.items()
        for each in draft.form_of(step, texts)
        if each.errors
    }
    if errors:
        raise Invalid(errors)
    return typed


def _field(name: str) -> str:
    return "bullets" if name.startswith("bullet_") else name


def prompts_mark(listed: Sequence[SavedPrompt]) -> str:
    return etag(*((saved.public_id, saved.title, saved.text, saved.note) for saved in listed))


def licensed(holding: Holding) -> dict[str, Any]:
    names = (
        "number", "status", "title", "slug", "kind", "terms", "clone_mode", "amount", "currency", "granted_at",
        "refundable_until", "version", "latest", "is_usable",
    )  # fmt: skip
    shown = {name: getattr(holding, name) for name in names}
    return {"id": holding.public_id, **shown, "creator": holding.maker, "work": holding.studio_id}


def bought(purchase: Purchase) -> dict[str, Any]:
    shown = {name: getattr(purchase, name) for name in ("title", "state", "amount", "currency", "paid_at", "number")}
    receipt = absolute_url("library.receipt", public_id=purchase.public_id)
    return {"id": purchase.public_id, **shown, "license": purchase.license_id, "receipt_url": receipt}
