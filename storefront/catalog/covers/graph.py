"""Flows as a graph: large steps joined left to right, one of them the house sun."""

from collections.abc import Callable
from typing import NamedTuple

from .canvas import Canvas
from .colors import apart, line_color, luma, mix, sun_colors
from .halftone import sun
from .palettes import Palette
from .paper import CORNER, shadow_of, sheet
from .shapes import route
from .svg import HEIGHT, WIDTH, circle, half_disc, num, rect, stroke

Step = tuple[int, int, int]
"""A step's center x and y, and its half-size."""


class Arrangement(NamedTuple):
    """Steps, and the pairs of them that are joined; step 0 is the hero."""

    steps: tuple[Step, ...]
    wires: tuple[tuple[int, int], ...]


ARRANGEMENTS: tuple[Arrangement, ...] = (
    Arrangement(
        ((330, 400, 200), (1000, 140, 96), (1000, 400, 96), (1000, 660, 96)),
        ((0, 1), (0, 2), (0, 3)),
    ),
    Arrangement(
        ((640, 400, 190), (170, 180, 104), (170, 620, 104), (1110, 180, 104), (1110, 620, 104)),
        ((1, 0), (2, 0), (0, 3), (0, 4)),
    ),
    Arrangement(
        ((240, 400, 150), (640, 180, 110), (640, 620, 110), (1060, 400, 130)),
        ((0, 1), (0, 2), (1, 3), (2, 3)),
    ),
    Arrangement(
        ((480, 250, 150), (140, 590, 104), (840, 560, 120), (1150, 220, 104)),
        ((1, 0), (0, 2), (2, 3)),
    ),
    Arrangement(
        ((900, 400, 190), (200, 180, 96), (200, 620, 96), (520, 400, 84)),
        ((1, 3), (2, 3), (3, 0)),
    ),
    Arrangement(
        ((230, 290, 160), (640, 590, 110), (660, 180, 84), (1070, 500, 150)),
        ((0, 1), (0, 2), (1, 3), (2, 3)),
    ),
)


class Mark(NamedTuple):
    """A step of half-size ``size`` about (x, y): its fill, the color inside it, the ink of its shadow."""

    x: float
    y: float
    size: float
    fill: str
    inner: str
    ink: str


def disc(mark: Mark) -> list[str]:
    return sheet(lambda color: circle(mark.x, mark.y, mark.size, color), mark.fill, mark.ink)


def block(mark: Mark) -> list[str]:
    x, y, half = mark.x, mark.y, mark.size * 0.9
    return sheet(lambda color: rect(x - half, y - half, 2 * half, 2 * half, color, CORNER), mark.fill, mark.ink)


def ring(mark: Mark) -> list[str]:
    return [*disc(mark), circle(mark.x, mark.y, mark.size * 0.48, mark.inner)]


def dome(mark: Mark) -> list[str]:
    return [*block(mark), half_disc(mark.x, mark.y + mark.size * 0.3, mark.size * 0.5, mark.inner)]


def split_disc(mark: Mark) -> list[str]:
    x, y, size = mark[:3]
    # Half a unit of overlap, or the ground shows through the seam.
    halves = [half_disc(x, y + 0.5, size, mark.fill), half_disc(x, y, size, mark.inner, up=False)]
    return [shadow_of(circle(x, y, size, mark.ink)), *halves]


def button(mark: Mark) -> list[str]:
    return [*block(mark), circle(mark.x, mark.y, mark.size * 0.5, mark.inner)]


DRAWINGS: tuple[Callable[[Mark], list[str]], ...] = (disc, ring, dome, split_disc, button)


def step(canvas: Canvas, x: float, y: float, size: float) -> list[str]:
    """One step about (x, y), in colors off the ground and off the wires."""
    random, palette = canvas.random, canvas.palette
    fills = [color for color in apart(palette, palette.ground) if color != line_color(palette)] or [palette.a]
    fill = random.pick(fills)
    inner = random.pick([color for color in apart(palette, fill, 0.16) if color != fill])
    return random.pick(DRAWINGS)(Mark(x, y, size, fill, inner, palette.ink))


def pick_arrangement(canvas: Canvas) -> Arrangement:
    """An arrangement, mirrored left to right and top to bottom half of the time each."""
    steps, wires = canvas.random.pick(ARRANGEMENTS)
    if canvas.random.chance(0.5):
        steps = tuple((WIDTH - x, y, size) for x, y, size in steps)
    if canvas.random.chance(0.5):
        steps = tuple((x, HEIGHT - y, size) for x, y, size in steps)
    return Arrangement(steps, wires)


def backdrop(canvas: Canvas, hero: Step) -> str:
    """A second tone of the ground: a halo about the hero, the lower half, or the right half."""
    palette = canvas.palette
    tone = mix(palette.ground, palette.light if luma(palette.ground) < 0.5 else palette.ink, 0.1)
    return canvas.random.pick(
        (
            circle(hero[0], hero[1], 430, tone),
            rect(0, HEIGHT / 2, WIDTH, HEIGHT / 2, tone),
            rect(WIDTH / 2, 0, WIDTH / 2, HEIGHT, tone),
        )
    )


def wire(start: Step, end: Step, color: str, *, square: bool) -> str:
    """A wire between two steps, with right angles or as one curve."""
    (x0, y0, _), (x1, y1, _) = start, end
    middle = (x0 + x1) / 2
    if square and y0 != y1:
        bend = min(90.0, abs(y1 - y0) / 2, abs(x1 - x0) / 2)
        data = route(((x0, y0), (middle, y0), (middle, y1), (x1, y1)), bend, 0)
    else:
        data = f"M{x0} {y0}C{num(middle)} {y0} {num(middle)} {y1} {x1} {y1}"
    return stroke(data, color, 34)


def token(start: Step, end: Step, rim: str, palette: Palette) -> str:
    """What travels on a wire, halfway."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return circle(x, y, 32, rim) + circle(x, y, 18, palette.c)


def graph(canvas: Canvas) -> list[str]:
    """Backdrop, wires, their tokens, the steps, and the hero with the halftone over them all."""
    palette = canvas.palette
    steps, wires = pick_arrangement(canvas)
    color, square = line_color(palette), canvas.random.chance(0.4)
    out = [backdrop(canvas, steps[0])]
    out += [wire(steps[i], steps[j], color, square=square) for i, j in wires]
    out += [token(steps[i], steps[j], color, palette) for i, j in wires]
    for x, y, size in steps[1:]:
        out += step(canvas, x, y, size * 1.14)
    x, y, size = steps[0]
    shadow = shadow_of(circle(x, y, size, palette.ink))
    return [*out, shadow, *sun(x, y, size, canvas.random.pick(sun_colors(palette)), palette.ground)]
