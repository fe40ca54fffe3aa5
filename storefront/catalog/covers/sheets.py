"""Packs as sheets: a fan of cards, index tabs, or two inks printed over each other."""

from collections.abc import Callable
from typing import NamedTuple

from .canvas import Canvas
from .colors import apart, luma, mix
from .halftone import dots, sun
from .paper import CORNER, FAINT, sheet
from .shapes import SOLIDS
from .svg import HEIGHT, WIDTH, circle, group, half_disc, num, pair, path, rect


class Mark(NamedTuple):
    """A mark of half-size ``size`` about (x, y), in two colors, on a sheet of color ``on``."""

    x: float
    y: float
    size: float
    first: str
    second: str
    on: str


def sunrise(mark: Mark) -> list[str]:
    return sun(mark.x, mark.y, mark.size, mark.first, mark.on)


def halves(mark: Mark) -> list[str]:
    upper = half_disc(mark.x, mark.y - 6, mark.size, mark.first)
    return [upper, half_disc(mark.x, mark.y + 6, mark.size, mark.second, up=False)]


def quarter_and_moon(mark: Mark) -> list[str]:
    x, y, size = mark[:3]
    side = num(2 * size)
    quarter = f"M{pair(x - size, y + size)}v{num(-2 * size)}a{side} {side} 0 0 1 {side} {side}Z"
    return [path(quarter, mark.first), circle(x + size * 0.62, y - size * 0.62, size * 0.34, mark.second)]


def target(mark: Mark) -> list[str]:
    rings = ((1.0, mark.first), (0.64, mark.on), (0.3, mark.second))
    return [circle(mark.x, mark.y, mark.size * share, color) for share, color in rings]


def bars(mark: Mark) -> list[str]:
    x, y, size, first, second, _ = mark
    rows = enumerate(((1.0, first), (0.72, second), (0.88, first), (0.5, second)))
    return [
        rect(x - size, y - size + i * size * 0.56, 2 * size * share, size * 0.3, color, size * 0.15)
        for i, (share, color) in rows
    ]


EMBLEMS: tuple[Callable[[Mark], list[str]], ...] = (sunrise, halves, quarter_and_moon, target, bars)


def emblem(canvas: Canvas, on: str, x: float, y: float, size: float) -> list[str]:
    """A bold mark for the front sheet, colored to read on ``on``."""
    first, second = canvas.random.shuffled(apart(canvas.palette, on, 0.16))[:2]
    return canvas.random.pick(EMBLEMS)(Mark(x, y, size, first, second, on))


def sheet_colors(canvas: Canvas, count: int) -> list[str]:
    """Colors in drawing order, no neighbor twice, the last one off the ground."""
    palette = canvas.palette
    tones = canvas.random.shuffled((palette.a, palette.b, palette.light, palette.c, palette.ink))
    while abs(luma(tones[(count - 1) % 5]) - luma(palette.ground)) < 0.1:
        tones = tones[1:] + tones[:1]
    return [tones[i % 5] for i in range(count)]


def fan(canvas: Canvas) -> list[str]:
    """Sheets turned about a point under the frame."""
    count, side = 4 + min(canvas.density, 1), canvas.random.pick((-1, 1))
    out = []
    for i, fill in enumerate(sheet_colors(canvas, count)):
        turn = side * (-30 + i * 50 / (count - 1))
        leaf = sheet(lambda color: rect(-235, -1130, 470, 760, color, CORNER), fill, canvas.palette.ink)
        if i == count - 1:
            leaf += emblem(canvas, fill, 0, -860, 138)
        out.append(group(leaf, f'transform="translate({640 + side * 50} 1270) rotate({num(turn)})"'))
    return out


def tabs(canvas: Canvas) -> list[str]:
    """Index cards across the whole frame, each tab further along."""
    count, side = 4 + canvas.density // 2, canvas.random.pick((-1, 1))
    rise, wide = 640 / (count + 0.6), 250
    out = []
    for i, fill in enumerate(sheet_colors(canvas, count)):
        top = 150 + i * rise
        along = 90 + i * (WIDTH - 180 - wide) / (count - 1)
        left = along if side > 0 else WIDTH - along - wide
        card = index_card(left, top, wide)
        shadow = group([path(card, canvas.palette.ink)], f'{FAINT} transform="translate(0 -12)"')
        dot = canvas.random.pick(apart(canvas.palette, fill, 0.16))
        out += [shadow, path(card, fill), circle(left + wide / 2, top + 52, 20, dot)]
        if i == count - 1:
            out += sun(WIDTH - left - wide / 2, top + 62 + rise * 0.9, 118, dot, fill)
    return out


def index_card(left: float, top: float, wide: float) -> str:
    """Path data of a card as wide as the frame, its tab from ``left``, ``wide`` across."""
    return (
        f"M-40 {num(top + 62)}H{num(left - 46)}c30 0 26-62 62-62H{num(left + wide - 16)}"
        f"c36 0 32 62 62 62H1320V{HEIGHT + 60}H-40Z"
    )


def overprint(canvas: Canvas) -> list[str]:
    """Two inks that overlap; the second carries the halftone."""
    random, palette = canvas.random, canvas.palette
    side, half = random.pick((-1, 1)), random.pick((255, 270, 290))
    x1, x2 = 640 - side * half * 0.52, 640 + side * half * 0.52
    y1, y2 = 400 + random.pick((-50, 0, 50)), 400 + random.pick((-50, 0, 50))
    this, that = random.shuffled(SOLIDS)[:2]
    one, two = this(x1, y1, half), that(x2, y2, half)
    first, second = random.pick(ink_pairs(canvas))
    dot = palette.light if second != palette.light else palette.ground
    moon = palette.light if palette.c in (first, second) else palette.c
    return [
        f'<clipPath id="{canvas.id_prefix}"><path d="{one.outline}"/></clipPath>',
        path(one.outline, first),
        path(two.outline, second),
        group([path(two.outline, mix(palette.ink, first, 0.14))], f'clip-path="url(#{canvas.id_prefix})"'),
        dots(two.span, x2, y2 - half, y2 + half, dot, 34, -8, 16.5),
        circle(x1 - side * half * 0.86, y1 - half * 0.78, 62, moon),
    ]


def ink_pairs(canvas: Canvas) -> tuple[tuple[str, str], ...]:
    """Pairs of inks that overprint well."""
    palette = canvas.palette
    return (
        (palette.a, palette.c),
        (palette.c, palette.a),
        (palette.b, palette.a),
        (palette.a, palette.b),
        (palette.light, palette.a),
    )


def sheets(canvas: Canvas) -> list[str]:
    """One of the three ways to lay out paper."""
    return canvas.random.pick((fan, fan, tabs, overprint, overprint))(canvas)
