"""Keeping files: first the bytes, outside any transaction, then the row with what refers to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storefront.kit import clock
from storefront.kit.db import db, outside
from storefront.kit.inserts import insert_if_new
from storefront.kit.storage import current_storage
from storefront.media.models import Media, storage_key


@dataclass(frozen=True)
class Stored:
    """Bytes that lie in storage, ``size`` of them, and that no row names yet."""

    sha256: str
    content_type: str
    size: int


def store(data: bytes, content_type: str) -> Stored:
    """Put ``data`` where files are kept. No transaction may be open, for storage may be far away.

    The same bytes lie there once, under their hash, so what is stored in vain does no harm.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    with outside():
        current_storage().put(storage_key(sha256), data, content_type=content_type)
    return Stored(sha256, content_type, len(data))


def keep(stored: Stored) -> Media:
    """The row of what was stored, the one already there if the same content was kept before."""
    insert_if_new(Media, sha256=stored.sha256, content_type=stored.content_type, size=stored.size, kept_at=clock.now())
    return db.session.get_one(Media, stored.sha256)
