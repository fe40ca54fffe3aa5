"""The packaged typefaces: which has a sign, and the font to draw it with.

`assets/build.py` puts them into ``static/dist/type/``, cut into parts, and writes which part holds which signs.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from storefront.kit.assets import AssetsMissing
from storefront.kit.typesetting.clusters import is_silent

FOLDER = Path(__file__).parents[2] / "static" / "dist" / "type"
KANA, HANGUL = range(0x3040, 0x3100), range(0xAC00, 0xD7B0)
NOT_A_SIGN = "\uffff"  # no typeface has it, so every one draws its empty box


@dataclass(frozen=True)
class Face:
    """One part of a typeface. Its weight is variable."""

    family: str
    file: Path

    def font(self, size: int, weight: int) -> ImageFont.FreeTypeFont:
        """The font at ``size`` px; a weight it does not reach is brought to the nearest."""
        return _font(self.file, size, weight)

    def draws(self, char: str) -> bool:
        """Whether it has a picture of the character: the list of a part names some that it does not."""
        return _draws(self.file, char)


class Typefaces:
    """The families in the folder, the first that has a sign before the others."""

    def __init__(self, folder: Path) -> None:
        listed = folder / "faces.json"
        if not listed.is_file():
            raise AssetsMissing("Assets are not built: run make assets")
        self._families = {
            family: sorted(
                (
                    (first, last, Face(family, folder / file))
                    for file, text in files.items()
                    for first, last in _ranges(text)
                ),
                key=lambda span: span[0],
            )
            for family, files in json.loads(listed.read_text()).items()
        }

    def face_of(self, cluster: str, text: str) -> Face | None:
        """The face that has every visible part of one sign of ``text``; None if there is none.

        Chinese and Japanese share characters that they draw differently: kana or Hangul in the text decide.
        """
        needed = [char for char in cluster if not is_silent(char)] or list(cluster)
        for family in self._in_order(text):
            for face in self._holding(family, needed[0]):
                if all(face.draws(char) for char in needed):
                    return face
        return None

    def _in_order(self, text: str) -> list[str]:
        first = {"noto-sans-jp": KANA, "noto-sans-kr": HANGUL}
        wanted = {family for family, signs in first.items() if any(ord(char) in signs for char in text)}
        han = [family for family in self._families if family.startswith("noto-sans-") and family[10:] in HAN]
        rest = iter(sorted(han, key=lambda family: family not in wanted))
        return [next(rest) if family in han else family for family in self._families]

    def _holding(self, family: str, char: str) -> list[Face]:
        """Parts of emoji overlap, so there may be several."""
        spans = self._families[family]
        upto = bisect_right(spans, ord(char), key=lambda span: span[0])
        return [face for _first, last, face in reversed(spans[:upto]) if last >= ord(char)]


HAN = ("sc", "jp", "kr")


@lru_cache(maxsize=1)
def typefaces() -> Typefaces:
    return Typefaces(FOLDER)


def _ranges(text: str) -> list[tuple[int, int]]:
    """``U+0-FF,U+131`` as pairs of first and last."""
    pairs = (span.strip().removeprefix("U+").partition("-") for span in text.split(","))
    return [(int(first, 16), int(last or first, 16)) for first, _, last in pairs]


@lru_cache(maxsize=128)
def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.RAQM)
    [axis] = font.get_variation_axes()
    font.set_variation_by_axes([min(max(weight, axis["minimum"] or 0), axis["maximum"] or weight)])
    return font


@lru_cache(maxsize=4096)
def _draws(file: Path, char: str) -> bool:
    if char.isspace():
        return True
    font = _font(file, 24, 400)
    return bytes(font.getmask(char)) != bytes(font.getmask(NOT_A_SIGN))
