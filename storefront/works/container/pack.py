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
    LARGEST_FILE,
    LARGEST_ITEMS,
    LARGEST_MANIFEST,
    LARGEST_WHOLE,
    MANIFEST,
    MEGABYTE,
    MOST_FILES,
    MOST_PACKED,
    UNWATCHED,
    VERSION,
    Carried,
    CarriedFile,
    CarriedItem,
    TooLargeToCarry,
)

LESS = "Take some of it out, or split the work, then try again."

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same work gives the same bytes


def pack(work: Carried, out: BinaryIO) -> None:
    """Write ``work`` to ``out``, which must be empty, readable and seekable. Holds one item or piece in memory.

    Raises TooLargeToCarry for what ``opened`` would not take in.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        items = _part(archive, ITEMS, _lines(work.items), LARGEST_ITEMS, "Its texts have")
        files = [_file(archive, file) for file in counted(work.files)]
        manifest = {
            "format": FORMAT, "version": VERSION, "kind": work.kind, "title": work.title,
            "origin": dict(work.origin), "items": items, "files": files,
        }  # fmt: skip
        told = [json.dumps(manifest, ensure_ascii=False, indent=1).encode()]
        _part(archive, MANIFEST, told, LARGEST_MANIFEST, "The list of its files has")
        archive.comment = COMMENT.ljust(COMMENT_LENGTH, b"0")
    _check_whole(out)
    _seal_with_digest(out)


def _check_whole(out: BinaryIO) -> None:
    """What can be measured only once all is written: the whole, and parts that were packed too well to be believed."""
    with zipfile.ZipFile(out) as archive:
        entries = archive.infolist()
    if max(out.seek(0, 2), sum(entry.file_size for entry in entries)) > LARGEST_WHOLE:
        raise TooLargeToCarry(f"All its parts together have more than {LARGEST_WHOLE // MEGABYTE} MB. {LESS}")
    if any(is_incredible(entry) for entry in entries):
        raise TooLargeToCarry(f"One of its parts repeats itself so often that no shop would unpack it. {LESS}")


def is_incredible(entry: zipfile.ZipInfo) -> bool:
    """Whether a part is so much smaller packed than unpacked that it may be a bomb."""
    return entry.file_size > UNWATCHED and entry.file_size > MOST_PACKED * max(1, entry.compress_size)


def counted(files: Iterator[CarriedFile]) -> Iterator[CarriedFile]:
    """The files, as long as they are not too many."""
    for number, file in enumerate(files, 1):
        if number > MOST_FILES:
            raise TooLargeToCarry(f"It has more than {MOST_FILES:,} files. {LESS}")
        yield file


def _lines(items: Iterable[CarriedItem]) -> Iterator[bytes]:
    for item in items:
        line = {
            "key": item.key, "parent": item.parent, "kind": item.kind, "title": item.title, "content": item.content,
        }  # fmt: skip
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _file(archive: zipfile.ZipFile, file: CarriedFile) -> dict[str, Any]:
    written = _part(archive, f"files/{file.sha256}", file.pieces, LARGEST_FILE, "One of its files has")
    if written["sha256"] != file.sha256:
        raise ValueError(f"the bytes of {file.sha256} are not those of its hash")
    return {**written, "content_type": file.content_type}


def _part(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], most: int, what: str) -> dict[str, Any]:
    """Write one part of at most so many bytes; returns its digest and its size. ``what`` begins the refusal."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as part:
        for piece in pieces:
            if size + len(piece) > most:
                raise TooLargeToCarry(f"{what} more than {most // MEGABYTE} MB. {LESS}")
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
