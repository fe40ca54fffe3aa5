"""Covers of listings: drawn once, kept as drawn, and turned into pictures when first asked for."""

from __future__ import annotations

import hashlib

from storefront.catalog.covers import Subject, cover_svg
from storefront.catalog.covers.raster import WIDTHS, webps
from storefront.catalog.models import Cover, Listing
from storefront.kit.db import db, outside
from storefront.kit.errors import NotFound
from storefront.kit.inserts import insert_if_new
from storefront.kit.storage import FileMissing, current_storage


def freeze_cover(listing: Listing) -> str:
    """Draw the listing's cover and keep it. Returns its SHA-256, which is its address from now on.

    The slug seeds it, so the same listing has the same cover in every shop that is filled from the same data.
    """
    return keep_cover(Subject(seed=listing.slug, kind=listing.kind, title=listing.title, tags=tuple(listing.tags)))


def keep_cover(subject: Subject) -> str:
    """Draw a cover and keep it. Returns its SHA-256."""
    svg = cover_svg(subject)
    sha256 = hashlib.sha256(svg.encode()).hexdigest()
    insert_if_new(Cover, sha256=sha256, svg=svg)
    return sha256


def cover_webp(sha256: str, width: int) -> bytes:
    """The cover as WebP, ``width`` px wide (320, 640 or 1280); drawn on the first request, then kept.

    Raises NotFound for an unknown cover or width.
    """
    if width not in WIDTHS:
        raise NotFound
    try:
        with outside():
            return current_storage().get(_key(sha256, width))
    except FileMissing:
        cover = db.session.get(Cover, sha256)
        if cover is None:
            raise NotFound from None
    pictures = webps(cover.svg)
    with outside():
        for each, data in pictures.items():
            current_storage().put(_key(sha256, each), data, content_type="image/webp")
    return pictures[width]


def _key(sha256: str, width: int) -> str:
    return f"covers/{sha256[:2]}/{sha256}-{width}.webp"
