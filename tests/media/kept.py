"""What storage holds, looked at from outside, and pictures to send."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
from flask import current_app
from PIL import Image

from storefront.kit.db import db, outside, step
from storefront.kit.storage import current_storage
from storefront.media.models import Media
from storefront.media.services import keep, store
from tests.works.whole_work import CSV
from tests.worlds import ITEMS

SEA, SAND = (32, 92, 120), (226, 200, 150)


def lose(sha256: str) -> None:
    """Have storage lose the bytes of a file that is still kept."""
    key = db.session.get_one(Media, sha256).key
    with outside():
        current_storage().delete(key)


def keys() -> set[str]:
    """Every key under which storage holds a file, drawn covers aside."""
    db.session.rollback()
    store: Any = current_app.extensions["storage"]._store
    found = {each["path"] for batch in obstore.list(store) for each in batch}
    return {key for key in found if key.startswith("media/")}


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def picture(width: int = 1600, height: int = 1000, kind: str = "PNG", **more: Any) -> bytes:
    """A picture of a sea over sand, as the bytes of a file."""
    image = Image.new("RGB", (width, height), SEA)
    image.paste(SAND, (0, height * 2 // 3, width, height))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def photo(width: int = 1600, height: int = 1000, *, orientation: int = 1) -> bytes:
    """A JPEG that says with what, where and how it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Somebody's", "Camera", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 0.0), 3: "E", 4: (9.0, 59.0, 0.0)})
    return picture(width, height, "JPEG", exif=exif)


def with_file() -> list[dict[str, Any]]:
    """The usual items and a file that is kept in storage."""
    stored = store(CSV, "text/csv")
    with step():
        kept = keep(stored)
        named = {"name": "ledger.csv", "content_type": "text/csv", "size": len(CSV), "sha256": kept.sha256}
    file = {"key": "ledger", "parent_key": None, "position": 9, "kind": "file", "title": "Ledger", "content": named}
    return [*ITEMS, file]
