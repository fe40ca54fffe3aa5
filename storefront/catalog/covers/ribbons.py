"""Flows as ribbons: a bundle of lanes runs through the frame and round its corners."""

from typing import NamedTuple

from .canvas import Canvas
from .colors import apart, sun_colors
from .halftone import sun
from .paper import shadow_of
from .shapes import route
from .svg import HEIGHT, WIDTH, Point, stroke


class Course(NamedTuple):
    """Where the bundle runs, how wide it turns, and where the sun stands (x, y, radius)."""

    points: tuple[Point, ...]
    radius: float
    sun: tuple[float, float, float]


COURSES: tuple[Course, ...] = (
    Course(((-300, 190), (640, 190), (640, 610), (1600, 610)), 205, (1040, 210, 130)),
    Course(((-300, 190), (860, 190), (860, 610), (-300, 610)), 210, (480, 400, 62)),
    Course(((330, 1100), (330, 230), (950, 230), (950, 1100)), 290, (640, 610, 140)),
    Course(((-300, 230), (900, 230), (900, 1100)), 250, (330, 620, 150)),
    Course(((-300, 180), (1060, 180), (1060, 1300)), 560, (300, 650, 170)),
    Course(((200, -300), (200, 580), (1080, 580), (1080, -300)), 230, (640, 190, 150)),
    Course(((-300, 640), (420, 640), (420, 180), (1600, 180)), 225, (960, 580, 150)),
)


def pick_course(canvas: Canvas) -> Course:
    """A course, mirrored left to right and top to bottom half of the time each."""
    points, radius, (x, y, size) = canvas.random.pick(COURSES)
    if canvas.random.chance(0.5):
        points, x = tuple((WIDTH - px, py) for px, py in points), WIDTH - x
    if canvas.random.chance(0.5):
        points, y = tuple((px, HEIGHT - py) for px, py in points), HEIGHT - y
    return Course(points, radius, (x, y, size))


def lane_colors(canvas: Canvas, lanes: int) -> list[str]:
    """As many colors as lanes; the two outer lanes stand off the ground."""
    palette = canvas.palette
    tones = canvas.random.shuffled((palette.a, palette.light, palette.b, palette.c, palette.ink))
    far = apart(palette, palette.ground, 0.14)
    tones.sort(key=lambda tone: tone in far)
    return [tones[-1], *tones[5 - lanes : -2], tones[-2]]


def ribbons(canvas: Canvas) -> list[str]:
    """Three to five concentric lanes, their shadow, and a sun beside them."""
    points, radius, (x, y, size) = pick_course(canvas)
    lanes = 3 + canvas.density
    width = canvas.random.pick((250, 280)) / lanes
    tones = lane_colors(canvas, lanes)
    palette = canvas.palette
    out = sun(x, y, size, canvas.random.pick(sun_colors(palette)), palette.ground)
    out.append(shadow_of(stroke(route(points, radius, 0), palette.ink, lanes * width)))
    for i, tone in enumerate(tones):
        # The overlap hides the seam that antialiasing leaves between two lanes.
        out.append(stroke(route(points, radius, (i - (lanes - 1) / 2) * width), tone, width + 0.8))
    return out
