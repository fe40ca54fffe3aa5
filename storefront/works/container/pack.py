"""Writing a container: parts first, then the manifest with their digests, last a digest over everything before it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from storefront.works.container.layout import (
    CHUNK,
    COMMENT,
    COMMENT_LENGTH,
    FORMAT,
    ITEMS,
    MANIFEST,
    VERSION,
    Carried,
    CarriedFile,
    CarriedItem,
)

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same work gives the same bytes


def pack(work: Carried, out: BinaryIO) -> None:
    """Write ``work`` to ``out``, which must be empty, readable and seekable. Holds one item or piece in memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        items = _part(archive, ITEMS, _lines(work.items))
        files = [_file(archive, file) for file in work.files]
        manifest = {
            "format": FORMAT, "version": VERSION, "kind": work.kind, "title": work.title,
            "origin": dict(work.origin), "items": items, "files": files,
        }  # fmt: skip
        _part(archive, MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
        archive.comment = COMMENT.ljust(COMMENT_LENGTH, b"0")
    _seal_with_digest(out)


def _lines(items: Iterable[CarriedItem]) -> Iterator[bytes]:
    for item in items:
        line = {
            "key": item.key, "parent": item.parent, "kind": item.kind, "title": item.title, "content": item.content,
        }  # fmt: skip
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _file(archive: zipfile.ZipFile, file: CarriedFile) -> dict[str, Any]:
    written = _part(archive, f"files/{file.sha256}", file.pieces)
    if written["sha256"] != file.sha256:
        raise ValueError(f"the bytes of {file.sha256} are not those of its hash")
    return {**written, "content_type": file.content_type}


def _part(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    """Write one part; returns its digest and its size in bytes."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as part:
        for piece in pieces:
            part.write(piece)
            digest.update(piece)
            size += len(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def _seal_with_digest(out: BinaryIO) -> None:
    """Put the digest of all that comes before it into the zip's comment, which is its end."""
    digest = digest_before_comment(out)
    out.seek(-64, 2)
    out.write(digest.encode())
    out.seek(0)


def digest_before_comment(container: BinaryIO) -> str:
    """SHA-256, in hex, of a container without the digest at its end."""
    left = container.seek(0, 2) - 64
    container.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (piece := container.read(min(CHUNK, left))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()
