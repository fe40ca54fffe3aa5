"""Files inside works: what of them can be shown, and how they leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from storefront.kit.db import db, outside
from storefront.kit.errors import NotFound
from storefront.kit.storage import OCTETS, FileMissing, StorageAway, current_storage
from storefront.media.models import Media
from storefront.media.pictures import TYPES

MOST_SHOWN = 64 * 1024  # bytes; more is for downloading, not for reading in a pane
MOST_ROWS = 100
PICTURES = frozenset(TYPES.values())


@dataclass(frozen=True)
class Preview:
    """What a file shows of itself: ``form`` is table, markdown, text, picture, or empty for nothing."""

    form: str = ""
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


def preview(content: Mapping[str, Any]) -> Preview:
    """What can be shown of the file that an item's content names; a missing or binary one shows nothing, nor one
    that can't be reached now."""
    kind = content["content_type"]
    if kind in PICTURES:
        return Preview("picture")
    if not kind.startswith("text/") or content["size"] > MOST_SHOWN:
        return Preview()
    try:
        text = b"".join(pieces(content)).decode()
    except (NotFound, StorageAway, UnicodeDecodeError):
        return Preview()
    if kind == "text/csv":
        return Preview("table", rows=list(islice(csv.reader(io.StringIO(text)), MOST_ROWS)))
    return Preview("markdown" if kind == "text/markdown" else "text", text)


def pieces(content: Mapping[str, Any]) -> Iterator[bytes]:
    """The bytes of the file that an item's content names. Raises NotFound if storage has lost it, StorageAway."""
    media = db.session.get_one(Media, content["sha256"])
    try:
        with outside():
            return current_storage().stream(media.key)
    except FileMissing:
        raise NotFound("It is not here any more. Tell the shop.", title="The file is missing.") from None


def saved_name(content: Mapping[str, Any]) -> str:
    """The file's own name without what would break a header or leave a folder."""
    return "".join("_" if char in "/\\" or not char.isprintable() else char for char in content["name"])


def served_type(content: Mapping[str, Any]) -> str:
    """The content type to serve with: pictures keep theirs, whatever else a person kept is only octets."""
    kind: str = content["content_type"]
    return kind if kind in PICTURES else OCTETS
