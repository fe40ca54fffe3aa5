"""Lines of type: in which order signs stand, how wide they are, where they break, at which size they fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from PIL.ImageDraw import ImageDraw

from storefront.kit.typesetting.clusters import clusters
from storefront.kit.typesetting.faces import Face, typefaces

TIGHT = ("instrument-sans", "onest")  # set close and drawn sign by sign; the others are shaped as a whole
NO_LIGATURES = ["-liga"]
LAST_TIGHT = 0x58F  # Latin, Greek, Cyrillic and Armenian are below; 1E00 to 2100 is more of them, and punctuation
ELLIPSIS = "…"
NEVER_FIRST = set("、。，．！？：；」』）】〉》〕…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%")


@dataclass(frozen=True)
class Setting:
    """How a line is set: ``size`` in px, ``weight``, and ``tracking`` between signs as a share of the size."""

    size: int
    weight: int = 600
    tracking: float = 0.0

    def width(self, text: str) -> float:
        """How wide a line stands, in px."""
        return sum(self._run_width(run) for run in runs(text))

    def draw(self, canvas: ImageDraw, at: tuple[float, float], text: str, fill: str, *, end: bool = False) -> None:
        """One line with its baseline at ``at``: its left end there, or with ``end`` its right end."""
        x, y = at
        if end:
            x -= self.width(text)
        for run in runs(text):
            self._draw_run(canvas, (x, y), run, fill)
            x += self._run_width(run)

    def _run_width(self, run: Run) -> float:
        font = run.face.font(self.size, self.weight)
        if run.is_tight:
            return font.getlength(run.text, features=NO_LIGATURES) + self.tracking * self.size * len(run.text)
        return font.getlength(run.text, direction=run.direction)

    def _draw_run(self, canvas: ImageDraw, at: tuple[float, float], run: Run, fill: str) -> None:
        font = run.face.font(self.size, self.weight)
        if not run.is_tight:
            canvas.text(at, run.text, fill=fill, font=font, anchor="ls", direction=run.direction)
            return
        # Pillow has no letter-spacing. A sign stands after all before it, so that they are kerned.
        done = ""
        for cluster in clusters(run.text):
            x = at[0] + font.getlength(done + cluster, features=NO_LIGATURES)
            x += self.tracking * self.size * len(done) - font.getlength(cluster, features=NO_LIGATURES)
            canvas.text((x, at[1]), cluster, fill=fill, font=font, anchor="ls")
            done += cluster


@dataclass(frozen=True)
class Run:
    """Signs of one typeface and one direction."""

    text: str
    face: Face
    direction: str

    @property
    def is_tight(self) -> bool:
        return self.face.family in TIGHT and self.direction == "ltr"


@lru_cache(maxsize=4096)  # lines are tried at many sizes and measures
def runs(text: str) -> tuple[Run, ...]:
    """The runs of a line from left to right. Signs that no typeface has are left out.

    The order of the bidirectional algorithm for text without marks of its own: numbers and Latin words keep theirs
    inside a line from right to left. Source: https://www.unicode.org/reports/tr9/
    """
    signs = [(cluster, typefaces().face_of(cluster, text)) for cluster in clusters(text)]
    drawn = [(cluster, face) for cluster, face in signs if face]
    ways = list(directions([cluster for cluster, _ in drawn]))
    base = base_direction(text)
    stretches: list[list[Run]] = []
    for way, stretch in groupby(zip(drawn, ways, strict=True), key=lambda each: each[1]):
        parts = groupby((sign for sign, _ in stretch), key=lambda sign: sign[1])
        row = [Run("".join(cluster for cluster, _ in part), face, way) for face, part in parts]
        stretches.append(row[::-1] if way == "rtl" else row)
    return tuple(run for row in (stretches[::-1] if base == "rtl" else stretches) for run in row)


def base_direction(text: str) -> str:
    """The direction of the first letter that has one."""
    return next(filter(None, map(_strong, text)), "ltr")


def directions(signs: list[str]) -> Iterator[str]:
    """The direction of each sign; what has none goes with its neighbors if they agree, else with the line."""
    strong = [_strong(sign[0]) or ("ltr" if sign[0].isdigit() else None) for sign in signs]
    base = next(filter(None, (_strong(sign[0]) for sign in signs)), "ltr")
    for at, way in enumerate(strong):
        before = next(filter(None, reversed(strong[:at])), base)
        after = next(filter(None, strong[at + 1 :]), base)
        yield way or (before if before == after else base)


def _strong(char: str) -> str | None:
    return {"L": "ltr", "R": "rtl", "AL": "rtl"}.get(unicodedata.bidirectional(char))


def fit(
    text: str, sizes: Iterable[int], room: tuple[float, float], *, weight: int, tracking: float, most: int = 5
) -> tuple[Setting, list[str]]:
    """The largest of ``sizes`` at which ``text`` stands in ``room`` (px wide and high), and its lines.

    At the smallest, words are broken, and the last line is cut. No text gives no lines.
    """
    text = drawable(text)
    setting = Setting(1, weight, tracking)
    for size in sizes:
        setting = Setting(size, weight, tracking)
        lines = wrap(_pieces(text), setting, room[0])
        fits = len(lines) * line_height(text, size) <= room[1] and len(lines) <= most
        if fits and all(setting.width(line) <= room[0] for line in lines):
            return setting, lines
    lines = wrap(_pieces(text, whole=False), setting, room[0])
    rows = int(room[1] / line_height(text, setting.size))
    return setting, lines if len(lines) <= rows else [
        *lines[: rows - 1],
        cut("".join(lines[rows - 1 :]), setting, room[0]),
    ]


def drawable(text: str) -> str:
    """``text`` without the signs that no typeface has, and with single spaces."""
    return " ".join("".join(sign for sign in clusters(text) if typefaces().face_of(sign, text)).split())


def line_height(text: str, size: int) -> float:
    """From one baseline to the next: some scripts need room above and below."""
    tall = any(ord(char) > LAST_TIGHT and not 0x1E00 <= ord(char) < 0x2100 for char in text)
    return size * (1.3 if tall else 1.02)


def cut(text: str, setting: Setting, room: float) -> str:
    """``text``, or as much of it as fits ``room`` px with an ellipsis."""
    if setting.width(text) <= room:
        return text
    signs = clusters(text)
    while signs and setting.width("".join(signs) + ELLIPSIS) > room:
        signs.pop()
    return "".join(signs).rstrip(" ,.;:-–—") + ELLIPSIS


def wrap(pieces: list[str], setting: Setting, room: float) -> list[str]:
    """Lines filled one after the other, at the narrowest measure that needs no more of them: an even edge."""
    best = _fill(pieces, setting, room)
    for measure in range(int(room) - 16, int(room / 2), -16):
        lines = _fill(pieces, setting, measure)
        if len(lines) > len(best) or any(setting.width(line) > room for line in lines):
            break
        best = lines
    return best


def _fill(pieces: list[str], setting: Setting, measure: float) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and setting.width((lines[-1] + piece).rstrip()) <= measure:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str, *, whole: bool = True) -> list[str]:
    """What stays together on a line: words with the space before them, and each sign of scripts without spaces."""
    pieces: list[str] = []
    for sign in clusters(" ".join(text.split())):
        breaks = not pieces or sign.isspace() or not whole or _breaks_before(pieces[-1], sign)
        if breaks and sign not in NEVER_FIRST:
            pieces.append(sign)
        else:
            pieces[-1:] = ["".join(pieces[-1:]) + sign]
    return pieces


def _breaks_before(piece: str, sign: str) -> bool:
    return not piece.isspace() and (_is_wide(sign) or _is_wide(piece[-1]))


def _is_wide(sign: str) -> bool:
    """Whether a line may break beside it. Korean has spaces."""
    return unicodedata.east_asian_width(sign[0]) in ("W", "F") and not "\uac00" <= sign[0] < "\ud7b0"
