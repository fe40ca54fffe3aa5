"""The drawing: words on paper at the left, a cover at the right, 1200 x 630 px.

The flat parts are one SVG that resvg draws; the words are set onto it, in whatever script they are.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

import resvg_py
from babel.numbers import get_currency_precision, get_currency_symbol
from PIL import Image, ImageDraw

from storefront.catalog.covers.palettes import PALETTES, Palette, palette_with_ground
from storefront.catalog.covers.svg import HEIGHT as COVER_HEIGHT
from storefront.catalog.covers.svg import WIDTH as COVER_WIDTH
from storefront.kit.typesetting import Setting, base_direction, cut, drawable, fit, line_height

WIDTH, HEIGHT = 1200, 630
LEFT, COLUMN = 56, 440  # the column of words, px
RIGHT = LEFT + COLUMN
ART_LEFT = 540
TITLE_TOP, TITLE_HEIGHT = 134, 306
TITLE_SIZES = range(92, 39, -4)
RULE, FOOT = 476, 574  # the line under the title, and the baseline of what stands on the ground
GROUND = re.compile(r'fill="(#[0-9a-f]{6})"')

LABEL, FIGURES, SMALL_FIGURES = Setting(26, 600), Setting(88, 660, -0.035), Setting(40, 600)
NAME, BY = Setting(27, 600), Setting(22, 500)
LINE = Setting(27, 500)


@dataclass(frozen=True)
class Price:
    """An amount in minor units of an ISO 4217 currency; 0 is free."""

    amount: int
    currency: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """Sign, whole and the rest: ``("$", "12", "50")``, ``("", "Free", "")``."""
        if not self.amount:
            return "", "Free", ""
        digits = get_currency_precision(self.currency)
        whole, rest = divmod(self.amount, 10**digits)
        return get_currency_symbol(self.currency, "en_US"), f"{whole:,}", f"{rest:0{digits}d}" if rest else ""


@dataclass(frozen=True)
class Poster:
    """What shows: a word for what it is, a title, a price or a line, a name, and the SVG of a cover.

    ``kind`` (pack, flow, project) chooses the sign beside the label; any other has the shop's dot.
    """

    art: str
    title: str
    label: str
    kind: str = ""
    price: Price | None = None
    line: str = ""
    by: str = ""

    @property
    def palette(self) -> Palette:
        found = GROUND.search(self.art)
        return (palette_with_ground(found[1]) if found else None) or PALETTES[0]

    def png(self) -> bytes:
        """The picture as PNG; about a fifth of a second of work."""
        flat = resvg_py.svg_to_bytes(svg_string=self._flat(), width=WIDTH, height=HEIGHT, skip_system_fonts=True)
        picture = Image.open(BytesIO(flat)).convert("RGB")
        canvas = ImageDraw.Draw(picture)
        ink = self.palette.ink
        LABEL.draw(canvas, (LEFT + 42, 87), cut(self.label, LABEL, COLUMN - 42), ink)
        self._set_title(canvas, ink)
        used = self._set_price(canvas, ink) if self.price else 0.0
        if self.line:
            LINE.draw(canvas, (LEFT, 532), cut(self.line, LINE, COLUMN), ink)
        if by := drawable(self.by):
            BY.draw(canvas, (RIGHT, 538), "by", ink, end=True)
            NAME.draw(canvas, (RIGHT, FOOT - 1), cut(by, NAME, COLUMN - used - 32), ink, end=True)
        out = BytesIO()
        picture.save(out, "PNG", optimize=True)
        return out.getvalue()

    def _flat(self) -> str:
        palette = self.palette
        art = self.art[self.art.index(">") + 1 : self.art.rindex("</svg>")]
        place = f'x="{ART_LEFT}" y="0" width="{WIDTH - ART_LEFT}" height="{HEIGHT}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.light}"/>'
            f'<svg {place} viewBox="0 0 {COVER_WIDTH} {COVER_HEIGHT}" preserveAspectRatio="xMidYMid slice">{art}</svg>'
            f'{mark(self.kind, palette)}<path d="M{LEFT} {RULE}h{COLUMN}" stroke="{palette.ink}" stroke-width="3"/>'
            "</svg>"
        )

    def _set_title(self, canvas: ImageDraw.ImageDraw, ink: str) -> None:
        room = (COLUMN, TITLE_HEIGHT)
        setting, lines = fit(self.title, TITLE_SIZES, room, weight=640, tracking=-0.03)
        from_right = base_direction(self.title) == "rtl"
        for at, line in enumerate(lines):
            baseline = TITLE_TOP + setting.size * 0.8 + at * line_height(self.title, setting.size)
            setting.draw(canvas, (RIGHT if from_right else LEFT, baseline), line, ink, end=from_right)

    def _set_price(self, canvas: ImageDraw.ImageDraw, ink: str) -> float:
        """Large figures, sign and cents hung from their top. Returns how wide they are, in px."""
        sign, whole, rest = self.price.parts if self.price else ("", "", "")
        x, raised = float(LEFT), FOOT - 32
        for setting, baseline, text in (
            (SMALL_FIGURES, raised, sign),
            (FIGURES, FOOT, whole),
            (SMALL_FIGURES, raised, rest),
        ):
            setting.draw(canvas, (x, baseline), text, ink)
            x += setting.width(text) + (5 if text else 0)
        return x - LEFT


def art_of_photo(webp: bytes) -> str:
    """An uploaded picture as art: an SVG that holds it, cut to the shape of a cover."""
    out = BytesIO()
    with Image.open(BytesIO(webp)) as image:
        flat = Image.new("RGB", image.size, PALETTES[0].light)
        flat.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
    flat.save(out, "JPEG", quality=90)
    held = f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"
    size = f'width="{COVER_WIDTH}" height="{COVER_HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COVER_WIDTH} {COVER_HEIGHT}">'
        f'<image {size} preserveAspectRatio="xMidYMid slice" href="{held}"/></svg>'
    )


def mark(kind: str, palette: Palette) -> str:
    """The sign of a kind, 30 px wide, before the label; the shop's own is its dot."""
    x, y = LEFT, 78
    if kind == "flow":
        thread = f'<path d="M{x} {y}a7 7 0 0 1 13.5-2h8v4h-8a7 7 0 0 1-13.5-2z" fill="{palette.ink}"/>'
        return f'{thread}<circle cx="{x + 24}" cy="{y}" r="9" fill="{palette.a}"/>'
    if kind == "project":
        top = f'<path d="M{x + 15} {y - 15}l14 8-14 8-14-8z" fill="{palette.a}"/>'
        left = f'<path d="M{x + 1} {y - 7}l14 8v15l-14-8z" fill="{palette.ink}"/>'
        return f'{top}{left}<path d="M{x + 29} {y - 7}l-14 8v15l14-8z" fill="{palette.c}"/>'
    if kind == "pack":
        back = f'<rect x="{x + 9}" y="{y - 15}" width="20" height="24" rx="4" fill="{palette.ink}"/>'
        return f'{back}<rect x="{x + 1}" y="{y - 9}" width="20" height="24" rx="4" fill="{palette.a}"/>'
    return f'<circle cx="{x + 15}" cy="{y}" r="12" fill="{palette.a}"/>'
