"""Projects as blocks: an isometric building of cubes on a plinth, under the house sun."""

from collections.abc import Callable

from .canvas import Canvas
from .colors import luma, mix, sun_colors
from .halftone import sun
from .random_stream import RandomStream
from .shapes import prism
from .svg import WIDTH, group, num, path

PLINTH = 0.3  # its height, of a cube's side
DOOR = "M.28 1V.55a.22.22 0 0 1 .44 0V1Z"  # in a unit square, to be sheared onto a wall
Terrain = Callable[[RandomStream, int, int, int], int]
"""The height in cubes of the column (x, y) on a plot of ``side`` columns a side; (0, 0) is the far corner."""


def stairs(_random: RandomStream, side: int, x: int, y: int) -> int:
    return side - max(x, y)


def corner(_random: RandomStream, side: int, x: int, y: int) -> int:
    return max(0, side - x - y)


def courtyard(random: RandomStream, _side: int, x: int, y: int) -> int:
    return random.between(1, 3) if x == 0 or y == 0 else random.between(0, 1)


def ramp(_random: RandomStream, side: int, x: int, y: int) -> int:
    return side - y if x < side - 1 else 0


def towers(random: RandomStream, side: int, x: int, y: int) -> int:
    if (x, y) in ((0, 0), (0, side - 1), (side - 1, 0)):
        return 3
    return random.between(0, 2) if x + y < side else 0


TERRAINS: tuple[Terrain, ...] = (stairs, corner, courtyard, ramp, towers)


def pick_plot(random: RandomStream, side: int) -> list[list[int]]:
    """Column heights by row, from the far corner."""
    terrain = random.pick(TERRAINS)
    return [[terrain(random, side, x, y) for x in range(side)] for y in range(side)]


def column(canvas: Canvas, x: float, y: float, cube: float, height: int, fill: str) -> list[str]:
    """One column of ``height`` cubes with, at times, a door in its left or right wall."""
    dx, dy = cube * 0.866, cube * 0.5
    out = prism(x, y, dx, dy, height * cube, fill, canvas.palette.ink)
    door = path(DOOR, canvas.palette.ink)
    if canvas.random.chance(0.3):
        foot = f"{num(x - dx)} {num(y + dy + (height - 1) * cube)}"
        out.append(group([door], f'transform="matrix({num(dx)} {num(dy)} 0 {num(cube)} {foot})"'))
    if canvas.random.chance(0.3):
        foot = f"{num(x)} {num(y + 2 * dy)}"
        out.append(group([door], f'transform="matrix({num(dx)} {num(-dy)} 0 {num(cube)} {foot})"'))
    return out


def building(canvas: Canvas, plot: list[list[int]], middle: float) -> list[str]:
    """The plinth and its columns, far ones first, as large as the frame allows."""
    palette, side, height = canvas.palette, len(plot), max(max(row) for row in plot)
    tones = canvas.random.shuffled((palette.a, palette.light, palette.b, palette.c))
    cube = min(735 / (side + height + PLINTH), 165)
    dx, dy = cube * 0.866, cube * 0.5
    top = 400 - (2 * side * dy - height * cube + PLINTH * cube) / 2
    base = palette.ink if luma(palette.ground) > 0.3 else mix(palette.ground, palette.light, 0.3)
    out = prism(middle, top, side * dx, side * dy, PLINTH * cube, base, palette.ink)
    for y, row in enumerate(plot):
        for x, cubes in enumerate(row):
            if cubes:
                left, up = middle + (x - y) * dx, top + (x + y) * dy - cubes * cube
                out += column(canvas, left, up, cube, cubes, tones[cubes % 4])
    return out


def blocks(canvas: Canvas) -> list[str]:
    """A sun at one side, the building a little to the other."""
    random, palette = canvas.random, canvas.palette
    plot = pick_plot(random, 3 if canvas.density < 2 else 4)
    x = random.pick((270, 320, 960, 1010))
    y, radius = random.pick((240, 290)), random.pick((190, 220))
    out = sun(x, y, radius, random.pick(sun_colors(palette)), palette.ground)
    middle = WIDTH / 2 + (70 if x < WIDTH / 2 else -70)
    return out + building(canvas, plot, middle)
