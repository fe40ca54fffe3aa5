"""Pages, which hold other items, and files, which name what storage keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from storefront.works.shapes import Faults, Shape, Text, Whole

SHA256 = re.compile("[0-9a-f]{64}")


def page_shape(_content: Mapping[str, Any]) -> Shape:
    return {"summary": Text(2000)}


def blank_page() -> dict[str, Any]:
    return {"summary": ""}


FILE: Shape = {
    "name": Text(200, needed="A file needs a name."),
    "content_type": Text(100, needed="A file needs a content type."),
    "size": Whole(),
    "sha256": Text(64, needed="A file needs the hash of what it holds."),
}


def file_shape(content: Mapping[str, Any]) -> Shape:
    """Only what is there: a file item without a file is one that waits for it."""
    return FILE if content else {}


def blank_file() -> dict[str, Any]:
    return {}


def wrong_file(content: dict[str, Any], _inside: Mapping[str, str]) -> Faults:
    if content and not SHA256.fullmatch(content["sha256"]):
        return {"sha256": "A hash has 64 figures and letters from a to f."}
    return {}
