"""What is one sign: a letter with its marks, an emoji of several parts, a flag.

Source: https://www.unicode.org/reports/tr29/, as far as titles need it.
"""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"
SKINS = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def clusters(text: str) -> list[str]:
    """The signs of ``text`` in order; control characters are left out."""
    found: list[str] = []
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"):
            continue
        if found and _goes_with(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def is_silent(char: str) -> bool:
    """Whether a character only shapes its neighbors, so that no typeface needs a picture of it."""
    return unicodedata.category(char) in ("Mn", "Me", "Cf") or ord(char) in TAGS


def _goes_with(before: str, char: str) -> bool:
    if unicodedata.category(char) in ("Mn", "Mc", "Me") or char == JOINER or ord(char) in SKINS or ord(char) in TAGS:
        return True
    if before.endswith(JOINER):
        return True
    return ord(char) in FLAG_LETTERS and len(before) == 1 and ord(before) in FLAG_LETTERS
