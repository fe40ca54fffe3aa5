"""How wide a text is on a page whose font we cannot ask, and where it breaks into lines.

The widths are those of a grotesque such as Instrument Sans at weight 580, rounded up, in parts of the font
size; where another font is wider, the box has a little air left.
"""

import unicodedata

NARROW, WIDE = set("iIjl.,:;'|!()[]·‘’ft r-/"), set("mwMWOQGCD@%&—…")
ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """The width of ``text`` in the unit of ``size``."""
    return size * sum(letter_width(letter) for letter in text)


def letter_width(letter: str) -> float:
    """A letter's width in parts of the font size."""
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "FW":
        return 1.0
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 0.86
    return 0.68 if letter.isupper() else 0.58


def wrap(text: str, size: float, width: float, lines: int) -> list[str]:
    """``text`` in at most ``lines`` lines of ``width``, broken at blanks, or within a word too long for one.

    What does not fit ends in an ellipsis. Blanks and line breaks count as one blank; no text, no line.
    """
    out: list[str] = []
    rest = " ".join(text.split())
    while rest and len(out) < lines:
        line = first_line(rest, size, width)
        rest = rest[len(line) :].lstrip()
        out.append(line)
    if rest:
        out[-1] = first_line(out[-1], size, width - text_width(ELLIPSIS, size), anywhere=True) + ELLIPSIS
    return out


def wrap_evenly(text: str, size: float, width: float, lines: int) -> list[str]:
    """As ``wrap``, but no line much shorter than the others where that takes no further line."""
    found = wrap(text, size, width, lines)
    whole = " ".join(text.split())
    while len(found) > 1 and " ".join(found) == whole:
        width = max(text_width(line, size) for line in found) - 1
        narrower = wrap(text, size, width, lines)
        if len(narrower) != len(found) or " ".join(narrower) != whole:
            break
        found = narrower
    return found


def first_line(text: str, size: float, width: float, *, anywhere: bool = False) -> str:
    """The longest beginning of ``text`` that fits, at a blank unless there is none; at least one letter."""
    end = 0
    used = 0.0
    for letter in text:
        used += letter_width(letter) * size
        if used > width:
            break
        end += 1
    if end >= len(text):
        return text
    blank = text.rfind(" ", 0, end + 1)
    if blank > 0 and not anywhere:
        return text[:blank]
    return text[: max(1, end)].rstrip()
