"""Keeping files: the row first, then the bytes outside any transaction, then the row with what refers to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, outside, step
from storefront.kit.errors import Unavailable
from storefront.kit.ids import token
from storefront.kit.inserts import insert_if_new
from storefront.kit.storage import current_storage
from storefront.media.models import Media, picture_key, storage_key
from storefront.media.pictures import TYPES, NoPicture, Picture, cut

PIECE = 1024 * 1024  # bytes read at once
MARK = 12  # characters of a mark, sixty random bits


@dataclass(frozen=True)
class Stored:
    """Bytes that lie in storage, ``size`` of them, and that nothing refers to yet."""

    sha256: str
    mark: str
    content_type: str
    size: int


def store(data: bytes | BinaryIO, content_type: str, picture: Picture | None = None) -> Stored:
    """Put ``data`` where files are kept, a picture in all its widths. No transaction may be open, for storage may be
    far away.

    The same bytes lie there once, under their hash. What is stored in vain the sweep takes away. Raises StorageAway.
    """
    file = BytesIO(data) if isinstance(data, bytes) else data
    if picture is None and content_type in TYPES.values():
        picture = _cut_if_possible(file)
    sha256, size = _digest(file)
    with step():
        mark = _announce(sha256, content_type, size, picture)
    _put(sha256, mark, file, content_type, picture.cuts if picture else {})
    return Stored(sha256, mark, content_type, size)


def keep(stored: Stored) -> Media:
    """The row of what was stored, which the sweep spares from now on: until the transaction ends because it is locked,
    then because it is new. Raises Unavailable if a day went by meanwhile and it is gone."""
    media = _locked(stored.sha256)
    if media is None or media.mark != stored.mark:
        raise Unavailable("The file waited too long and was let go. Send it again.")
    media.kept_at = clock.now()
    return media


def _locked(sha256: str) -> Media | None:
    """The row, held against the sweep; who refers to it meanwhile need not wait."""
    return db.session.scalar(
        sa.select(Media).where(Media.sha256 == sha256).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )


def _cut_if_possible(file: BinaryIO) -> Picture | None:
    """A file is kept as it is, also one that only calls itself a picture; then it is shown nowhere."""
    try:
        return cut(file)
    except NoPicture:
        return None


def _digest(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return digest.hexdigest(), size


def _announce(sha256: str, content_type: str, size: int, picture: Picture | None) -> str:
    """See that there is a row, so that the sweep knows all that is about to be put. Returns its mark."""
    now = clock.now()
    new = {"mark": token(MARK).lower(), "content_type": content_type, "size": size, "widths": [], "kept_at": now}
    while (media := _locked(sha256)) is None:  # again, if a sweep took it out since it was found to be there
        insert_if_new(Media, sha256=sha256, **new)
    media.kept_at = now
    if picture:
        media.width, media.height = picture.width, picture.height
        media.widths = sorted({*media.widths, *picture.cuts})
    return media.mark


def _put(sha256: str, mark: str, file: BinaryIO, content_type: str, cuts: Mapping[int, bytes]) -> None:
    with outside():
        storage = current_storage()
        storage.put(storage_key(sha256, mark), file, content_type=content_type)
        for width, data in cuts.items():
            storage.put(picture_key(sha256, mark, width), data, content_type="image/webp")
