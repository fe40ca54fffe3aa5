"""What both sides of the container agree on: names, limits, and what it carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storefront.kit.errors import Refusal

FORMAT = "pmtpk"
VERSION = 1
MIME = "application/vnd.storefront.pmtpk"
ENDING = ".pmtpk"

MANIFEST = "manifest.json"
ITEMS = "items.jsonl"
FILE = re.compile(r"files/([0-9a-f]{64})")
COMMENT = b"pmtpk 1 sha256:"  # before the digest in hex, as the comment of the zip
COMMENT_LENGTH = len(COMMENT) + 64

MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024  # bytes read at once
MOST_ITEMS = 20_000
MOST_FILES = 2_000
LARGEST_MANIFEST = MEGABYTE
LARGEST_ITEMS = 128 * MEGABYTE
LARGEST_FILE = 32 * MEGABYTE
LARGEST_WHOLE = 256 * MEGABYTE  # of all parts unpacked, and of the container itself
MOST_PACKED = 200  # times a part may be larger than it is packed, once it has as much as this:
UNWATCHED = 16 * MEGABYTE


class Refused(Refusal):
    """A file that is no container, or one that is not let in. Nothing of it was kept."""

    status = 422
    title = "This file was not taken in."
    message = "It is not a .pmtpk file, or it was cut short on its way."


class TooLargeToCarry(Refusal):
    """What no shop would take in again does not leave this one either."""

    status = 422
    title = "It does not fit into one file."


@dataclass(frozen=True)
class CarriedItem:
    """An item as a container holds it: ``parent`` is the key of another one, the order is that of the list."""

    key: str
    parent: str | None
    kind: str
    title: str
    content: dict[str, Any]


@dataclass(frozen=True)
class CarriedFile:
    """A file by its hash, with what to call its contents and the bytes, read when they are asked for."""

    sha256: str
    content_type: str
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Carried:
    """What goes into a container. ``origin`` says where the work came from, in words and figures of the shop."""

    kind: str
    title: str
    items: Iterable[CarriedItem]
    files: Iterator[CarriedFile]
    origin: Mapping[str, Any] = field(default_factory=dict)
