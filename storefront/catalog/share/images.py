"""Which picture each address has: what shows on it, where it lies, and the keeping of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from storefront.accounts.models import Workspace
from storefront.catalog.covers import Subject, cover_svg
from storefront.catalog.models import Cover, Listing
from storefront.catalog.share.poster import Poster, Price, art_of_photo
from storefront.config import current as settings
from storefront.kit.db import db, outside
from storefront.kit.money import money_text
from storefront.kit.storage import FileMissing, current_storage
from storefront.kit.urls import absolute_url
from storefront.media.models import Media
from storefront.media.pictures import WIDTHS

DRAWING = 1  # counts up when posters are drawn in another way: every picture then has a new address
WORDS = {"pack": "Prompt pack", "flow": "Flow", "project": "Project template"}
SHOP_LINE = "Work you can pick up and use"


@dataclass(frozen=True)
class ShareImage:
    """The picture of one page: ``of`` and ``name`` say which, ``cover`` is the SHA-256 of its art, if it has one,
    ``picture`` of an uploaded picture in its stead.

    Without a cover the art is drawn from the page's own name.
    """

    of: str
    name: str
    title: str
    label: str
    alt: str
    kind: str = ""
    cover: str = ""
    picture: str = ""
    price: Price | None = None
    line: str = ""
    by: str = ""

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with whatever shows."""
        price = [self.price.amount, self.price.currency] if self.price else []
        shows = [DRAWING, self.of, self.title, self.label, self.kind, self.cover, price, self.line, self.by]
        shows += [self.picture] if self.picture else []
        return hashlib.sha256(json.dumps(shows).encode()).hexdigest()[:16]

    @property
    def address(self) -> str:
        """The public address, for good."""
        return absolute_url("share.picture", of=self.of, name=self.name, digest=self.digest)

    def png(self) -> bytes:
        """The picture: the kept one, else drawn now and kept."""
        key = f"share/{self.digest[:2]}/{self.digest}.png"
        try:
            with outside():
                return current_storage().get(key)
        except FileMissing:
            drawn = self._poster().png()
        with outside():
            current_storage().put(key, drawn, content_type="image/png")
        return drawn

    def _poster(self) -> Poster:
        return Poster(self._art(), self.title, self.label, self.kind, self.price, self.line, self.by)

    def _art(self) -> str:
        media = db.session.get(Media, self.picture) if self.picture else None
        if media is not None:
            with outside():
                return art_of_photo(current_storage().get(media.picture_key(WIDTHS[2])))
        cover = db.session.get(Cover, self.cover) if self.cover else None
        return cover.svg if cover else cover_svg(Subject(seed=f"{self.of}:{self.name}", kind="", tags=(self.name,)))


def of_listing(listing: Listing) -> ShareImage:
    """Title, price and creator beside the cover. The listing's workspace must be loaded."""
    label, by = WORDS[listing.kind], listing.workspace.name
    amount = money_text(listing.price, listing.currency) if listing.price else "free"
    return ShareImage(
        "listings",
        listing.slug,
        title=listing.title,
        label=label,
        alt=f"{listing.title}. {label} by {by}, {amount}.",
        kind=listing.kind,
        cover=listing.cover or "",
        picture=listing.cover_picture or "",
        price=Price(listing.price, listing.currency),
        by=by,
    )


def of_creator(workspace: Workspace, newest: Any) -> ShareImage:
    """The name beside the cover of their newest work, a card or None."""
    line = workspace.role_line or f"@{workspace.handle}"
    return ShareImage(
        "creators",
        workspace.handle,
        title=workspace.name,
        label=f"Creator in {settings().site_name}",
        alt=f"{workspace.name}, {line}.",
        cover=(newest.cover or "") if newest else "",
        picture=(newest.cover_picture or "") if newest else "",
        line=line,
    )


def of_tag(tag: str) -> ShareImage:
    return ShareImage(
        "tags", tag, title=tag.replace("-", " "), label="Tag", alt=f"Works about {tag}.", line=settings().site_name
    )


def of_shop() -> ShareImage:
    """The shop's own, for every page that has none of its own."""
    name = settings().site_name
    return ShareImage(
        "shop",
        "front",
        title=SHOP_LINE,
        label=name,
        alt=f"{name}. {SHOP_LINE}.",
        line="Prompt packs, flows and projects",
    )
