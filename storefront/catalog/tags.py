"""Tags: one spelling for each, whoever writes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from storefront.catalog.models import LONGEST_TAG

GAPS = re.compile(r"[\s_-]+")
NOT_IN_TAGS = re.compile(r"[^\w\s-]+")


def normalized(tag: str) -> str:
    """``Field  Work!`` as ``field-work``: folded, joined by hyphens, at most 24 characters. May be empty."""
    folded = unicodedata.normalize("NFKC", tag).casefold()
    return GAPS.sub("-", NOT_IN_TAGS.sub("", folded)).strip("-")[:LONGEST_TAG].rstrip("-")


def distinct(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags in their one spelling and in their order, each once, without empty ones."""
    return tuple(dict.fromkeys(tag for tag in map(normalized, tags) if tag))
