"""Reading a container that a stranger may have made: nothing in it is believed before it was measured.

Parts are never written under the names they carry, and every part is read through a counter, whatever its headers say.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from storefront.works.container.layout import (
    CHUNK,
    COMMENT,
    COMMENT_LENGTH,
    FILE,
    FORMAT,
    ITEMS,
    LARGEST_FILE,
    LARGEST_ITEMS,
    LARGEST_MANIFEST,
    LARGEST_WHOLE,
    MANIFEST,
    MEGABYTE,
    MOST_FILES,
    MOST_ITEMS,
    VERSION,
    CarriedItem,
    Refused,
)
from storefront.works.container.pack import digest_before_comment, is_incredible

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1  # general purpose bit 0 (APPNOTE.TXT, 4.4.4)


@dataclass(frozen=True)
class Opened:
    """A container whose every byte was checked. ``files`` are sizes and content types by hash."""

    kind: str
    title: str
    origin: Mapping[str, Any]
    items: list[CarriedItem]
    files: Mapping[str, tuple[int, str]]
    archive: zipfile.ZipFile

    def file(self, sha256: str) -> bytes:
        """The bytes of a file that the container carries."""
        return b"".join(_read(self.archive, f"files/{sha256}", LARGEST_FILE))


def opened(container: BinaryIO) -> Opened:
    """What a container holds, all of it checked. Raises Refused with the sentence that says what is wrong."""
    _check_digest(container)
    try:
        archive = zipfile.ZipFile(container)
        _check_entries(archive)
        manifest = _manifest(archive)
        items = _items(archive, manifest)
        files = _files(archive, manifest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, OverflowError):
        raise Refused from None
    return Opened(manifest["kind"], manifest["title"], manifest["origin"], items, files, archive)


def _check_digest(container: BinaryIO) -> None:
    size = container.seek(0, 2)
    if size > LARGEST_WHOLE:
        raise Refused(f"It has more than {LARGEST_WHOLE // MEGABYTE} MB.")
    if size < COMMENT_LENGTH:
        raise Refused
    container.seek(-COMMENT_LENGTH, 2)
    comment = container.read(COMMENT_LENGTH)
    if not comment.startswith(COMMENT):
        raise Refused
    if comment[-64:].decode("latin-1") != digest_before_comment(container):
        raise Refused("It was changed, or cut short on its way. Get it again from where it came.")


def _check_entries(archive: zipfile.ZipFile) -> None:
    """Every entry by what its header claims; ``_read`` holds them to it."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES + 2:
        raise Refused(f"It has {len(entries):,} parts, of at most {MOST_FILES + 2:,}.")
    names = [entry.orig_filename for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("Two of its parts have the same name.")
    for entry in entries:
        if entry.orig_filename not in (MANIFEST, ITEMS) and not FILE.fullmatch(entry.orig_filename):
            raise Refused("It has a part whose name a .pmtpk file doesn't have.")
        if entry.compress_type not in METHODS or entry.flag_bits & ENCRYPTED:
            raise Refused("One of its parts is packed in a way that .pmtpk doesn't know.")
        if is_incredible(entry):
            raise Refused("One of its parts would grow too large when it is unpacked.")
    if sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise Refused(f"Unpacked it would have more than {LARGEST_WHOLE // MEGABYTE} MB.")
    if not {MANIFEST, ITEMS} <= set(names):
        raise Refused("It lacks its manifest or its items.")


def _read(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """A part in pieces, no more than ``most`` bytes of it. zipfile itself checks size and CRC at its end."""
    size = 0
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            size += len(piece)
            if size > most:
                raise Refused(f"One of its parts has more than {most // MEGABYTE} MB.")
            yield piece


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = _json(b"".join(_read(archive, MANIFEST, LARGEST_MANIFEST)))
    if manifest.get("format") != FORMAT or type(manifest.get("version")) is not int:
        raise Refused
    if manifest["version"] != VERSION:
        raise Refused(f"It is of version {manifest['version']} of the format; this shop reads version {VERSION}.")
    known = {"kind": str, "title": str, "origin": dict, "items": dict, "files": list}
    if any(not isinstance(manifest.get(name), kind) for name, kind in known.items()):
        raise Refused("Its manifest is not complete.")
    return manifest


def _items(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> list[CarriedItem]:
    digest, items, rest = hashlib.sha256(), [], b""
    for piece in _read(archive, ITEMS, LARGEST_ITEMS):
        digest.update(piece)
        *lines, rest = (rest + piece).split(b"\n")
        items += [_item(line) for line in lines]
        if len(items) > MOST_ITEMS:
            raise Refused(f"It has more than {MOST_ITEMS:,} items.")
    if rest or digest.hexdigest() != manifest["items"].get("sha256"):
        raise Refused("Its items are not those its manifest names.")
    return items


def _item(line: bytes) -> CarriedItem:
    item = _json(line)
    texts = (item.get("key"), item.get("kind"), item.get("title"))
    parent, content = item.get("parent"), item.get("content")
    is_whole = all(isinstance(text, str) for text in texts) and isinstance(content, dict)
    if not is_whole or not isinstance(parent, str | None):
        raise Refused("One of its items is not complete.")
    return CarriedItem(item["key"], parent, item["kind"], item["title"], item["content"])


def _files(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Sizes and content types of all files, after each was read and hashed once."""
    there = {found[1] for name in archive.namelist() if (found := FILE.fullmatch(name))}
    told = {str(file.get("sha256")): file for file in manifest["files"] if isinstance(file, dict)}
    if there != set(told) or len(told) != len(manifest["files"]):
        raise Refused("Its files are not those its manifest names.")
    files = {}
    for sha256 in there:
        digest, size = hashlib.sha256(), 0
        for piece in _read(archive, f"files/{sha256}", LARGEST_FILE):
            digest.update(piece)
            size += len(piece)
        content_type = told[sha256].get("content_type")
        if digest.hexdigest() != sha256 or not isinstance(content_type, str):
            raise Refused("One of its files is not the one its manifest names.")
        files[sha256] = (size, content_type)
    return files


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("One of its parts is not JSON.") from None
    if not isinstance(found, dict):
        raise Refused("One of its parts is not a JSON object.")
    return found
