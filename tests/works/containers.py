"""Containers for tests: honest ones, and ones that somebody bent."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from storefront.works.container import Carried, CarriedFile, CarriedItem, pack
from storefront.works.container.layout import COMMENT, COMMENT_LENGTH
from storefront.works.container.pack import digest_before_comment

OPENING = CarriedItem("opening", None, "prompt", "Opening", {"text": "Write {{it}}.", "variables": [], "note": ""})


def carried(items: Iterable[CarriedItem] = (OPENING,), files: Iterable[bytes] = ()) -> Carried:
    """A pack with ``items`` and ``files``, which must differ."""
    kept = [CarriedFile(hashlib.sha256(data).hexdigest(), "text/csv", [data]) for data in files]
    return Carried("pack", "Field Notes", items, iter(kept), {"version": 3})


def packed(work: Carried | None = None) -> io.BytesIO:
    out = io.BytesIO()
    pack(work or carried(), out)
    return out


def parts_of(container: BinaryIO) -> dict[str, bytes]:
    with zipfile.ZipFile(container) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bent(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A container of any parts under any names, with a digest that is right all the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            archive.writestr(name, data)
        archive.comment = COMMENT.ljust(COMMENT_LENGTH, b"0")
    return resealed(out)


def resealed(container: io.BytesIO) -> io.BytesIO:
    digest = digest_before_comment(container)
    container.seek(-64, 2)
    container.write(digest.encode())
    container.seek(0)
    return container


def with_manifest(**changed: Any) -> io.BytesIO:
    """An honest container but for what its manifest says."""
    parts = parts_of(packed())
    manifest = {**json.loads(parts["manifest.json"]), **changed}
    return bent({**parts, "manifest.json": json.dumps(manifest).encode()})
