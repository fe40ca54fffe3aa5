"""Keeping files."""

from __future__ import annotations

import hashlib

from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.inserts import insert_if_new
from storefront.kit.storage import current_storage
from storefront.media.models import Media, storage_key


def keep(data: bytes, content_type: str) -> Media:
    """Keep ``data`` once. Returns its row, the one already there if the same content was kept before."""
    sha256 = hashlib.sha256(data).hexdigest()
    current_storage().put(storage_key(sha256), data, content_type=content_type)
    insert_if_new(Media, sha256=sha256, content_type=content_type, size=len(data), kept_at=clock.now())
    return db.session.get_one(Media, sha256)
