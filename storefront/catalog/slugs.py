"""Addresses of listings: a draft's is random, a published listing's is made of its title and then kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy.exc import IntegrityError

from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.kit.ids import public_id, token

DRAFT = "draft"
LONGEST = 80  # of what is made of a title; the column leaves room for a number or a token
NEITHER = re.compile(r"[^a-z0-9]+")
TRIES = 9


def draft_slug() -> str:
    """An address that says nothing and that nobody guesses."""
    return public_id(DRAFT).replace("_", "-")


def slug_of(title: str) -> str:
    """``The Long Read-Out!`` as ``the-long-read-out``; empty for a title without a Latin letter or a figure."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return NEITHER.sub("-", plain).strip("-")[:LONGEST].rstrip("-")


def give_slug(listing: Listing) -> None:
    """Name a draft after its title: ``field-notes``, or where that is taken ``field-notes-2`` and on."""
    if not listing.slug.startswith(f"{DRAFT}-"):
        return
    db.session.flush()
    for slug in _wanted(slug_of(listing.title) or listing.kind):
        try:
            with db.session.begin_nested():
                listing.slug = slug
                db.session.flush()
        except IntegrityError:
            continue  # taken, perhaps a moment ago
        return


def _wanted(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, TRIES))
    yield f"{name}-{token(8).lower()}"
