"""Packs as a quilt: squares of one, two and three cells, packed over the whole frame."""

from collections.abc import Sequence

from .canvas import Canvas
from .halftone import sun
from .palettes import Palette
from .random_stream import RandomStream
from .svg import num, path, rect

CELL = 160  # units
COLUMNS, ROWS = 8, 5
Inks = tuple[str, str]
"""The figure's color and its ground's."""


class Patchwork:
    """The cells of the frame, and the squares sewn so far."""

    def __init__(self, random: RandomStream, inks: Sequence[Inks]) -> None:
        self.random = random
        self.inks = inks
        self.parts: list[str] = []
        self._taken: set[tuple[int, int]] = set()

    def claim(self, column: int, row: int, size: int) -> bool:
        """Take ``size`` x ``size`` cells from (column, row); false, taking none, if one is taken."""
        cells = {(column + i, row + j) for i in range(size) for j in range(size)}
        if cells & self._taken:
            return False
        self._taken |= cells
        return True

    def sew(self, column: int, row: int, size: int) -> None:
        """Put a patterned square where there is room for it."""
        if self.claim(column, row, size):
            inks = self.random.pick(self.inks)
            self.parts += patch(self.random, column * CELL, row * CELL, size * CELL, inks)


def figures(side: float) -> tuple[str, ...]:
    """Path data of the figures that fill a square: disc, quarter, dome, triangle, leaf, domes, stripes."""
    full, half = num(side), num(side / 2)
    return (
        f"M0 {half}a{half} {half} 0 0 1 {full} 0a{half} {half} 0 0 1 -{full} 0Z",
        f"M0 0H{full}A{full} {full} 0 0 1 0 {full}Z",
        f"M0 {half}a{half} {half} 0 0 1 {full} 0Z",
        f"M0 0H{full}L0 {full}Z",
        f"M0 0A{full} {full} 0 0 1 {full} {full}A{full} {full} 0 0 1 0 0Z",
        f"M0 {full}a{half} {half} 0 0 1 {full} 0ZM0 {half}a{half} {half} 0 0 1 {full} 0Z",
        "".join(f"M0 {num(side * i / 4 + side / 16)}H{full}v{num(side / 8)}H0Z" for i in range(4)),
    )


def patch(random: RandomStream, x: float, y: float, side: float, inks: Inks) -> list[str]:
    """One square: its ground, and a figure turned by quarters."""
    figure, turn = random.pick(figures(side)), 90 * random.between(0, 3)
    center = num(side / 2)
    spin = f' transform="translate({num(x)} {num(y)}) rotate({turn} {center} {center})"'
    # Without crisp edges the ground of the cover shows through as hairlines between squares.
    ground = rect(x, y, side, side, inks[1], more=' shape-rendering="crispEdges"')
    return [ground, path(figure, inks[0], spin)]


def ink_pairs(palette: Palette) -> tuple[Inks, ...]:
    """Figure and ground that read well together."""
    ground, ink, light, a, b, c = palette[2:]
    return (
        (a, ground), (light, a), (c, ink), (b, light), (ink, b),
        (light, ink), (c, ground), (ground, b), (a, light), (ground, a),
    )  # fmt: skip


def sew_sun(quilt: Patchwork, palette: Palette) -> None:
    """The square of three cells: the house sun."""
    column, row = quilt.random.between(0, COLUMNS - 3), quilt.random.between(0, ROWS - 3)
    quilt.sew(column, row, 3)
    figure, ground = quilt.random.pick(
        ((palette.c, palette.ink), (palette.a, palette.light), (palette.light, palette.a))
    )
    x, y, side = column * CELL, row * CELL, 3 * CELL
    quilt.parts = [rect(x, y, side, side, ground)]
    quilt.parts += sun(x + side / 2, y + side / 2, side / 2, figure, ground)


def quilt(canvas: Canvas) -> list[str]:
    """A sun of three cells, squares of two where they fit, and squares of one in the gaps."""
    random = canvas.random
    inks = random.shuffled(ink_pairs(canvas.palette))[: 4 + canvas.density // 2]
    work = Patchwork(random, inks)
    sew_sun(work, canvas.palette)
    for _ in range(12 + 8 * canvas.density):
        work.sew(random.between(0, COLUMNS - 2), random.between(0, ROWS - 2), 2)
    for row in range(ROWS):
        for column in range(COLUMNS):
            if random.chance(0.4):
                work.sew(column, row, 1)
    return work.parts
