"""Composed outlines: the four solids of an overprint, rounded routes, and boxes seen from a corner."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .colors import mix
from .halftone import MARGIN, Span, box_span, disc_span
from .paper import CORNER
from .svg import Point, num, pair, polygon


class Solid(NamedTuple):
    """An outline as path data, and the rows in which it may be dotted."""

    outline: str
    span: Span


def disc(x: float, y: float, half: float) -> Solid:
    """A disc about (x, y) of radius ``half``."""
    n, m = num(half), num(2 * half)
    outline = f"M{pair(x - half, y)}a{n} {n} 0 1 1 {m} 0a{n} {n} 0 1 1 -{m} 0Z"
    return Solid(outline, disc_span(x, y, half - MARGIN))


def arch(x: float, y: float, half: float) -> Solid:
    """A square whose upper half is a half disc."""
    n, m = num(half), num(2 * half)
    round_part = disc_span(x, y, half - MARGIN)
    straight_part = box_span(x - half + MARGIN, x + half - MARGIN)
    outline = f"M{pair(x - half, y + half)}v-{n}a{n} {n} 0 0 1 {m} 0v{n}Z"
    return Solid(outline, lambda row: round_part(row) if row < y else straight_part(row))


def quarter(x: float, y: float, half: float) -> Solid:
    """A quarter disc that fills its square, the center at the lower left."""
    m = num(2 * half)

    def span(row: float) -> tuple[float, float] | None:
        rest = (2 * half - MARGIN) ** 2 - (row - y - half) ** 2
        return None if rest <= 0 else (x - half + MARGIN, x - half + math.sqrt(rest))

    return Solid(f"M{pair(x - half, y + half)}v-{m}a{m} {m} 0 0 1 {m} {m}Z", span)


def square(x: float, y: float, half: float) -> Solid:
    """A square with the corners of paper."""
    e, side = CORNER, num(2 * half - 2 * CORNER)
    outline = (
        f"M{pair(x - half + e, y - half)}h{side}a{e} {e} 0 0 1 {e} {e}v{side}a{e} {e} 0 0 1-{e} {e}"
        f"h-{side}a{e} {e} 0 0 1-{e}-{e}v-{side}a{e} {e} 0 0 1 {e}-{e}Z"
    )
    return Solid(outline, box_span(x - half + 10, x + half - 10))


SOLIDS: tuple[Callable[[float, float, float], Solid], ...] = (disc, arch, quarter, square)


def normals_of(points: Sequence[Point]) -> list[Point]:
    """The unit vector to the right of travel for each leg of a right-angled route."""
    normals = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = abs(x1 - x0) + abs(y1 - y0)
        normals.append((-(y1 - y0) / length, (x1 - x0) / length))
    return normals


def route(points: Sequence[Point], radius: float, aside: float) -> str:
    """Path data of a right-angled route moved sideways by ``aside``, its corners rounded concentrically."""
    normals = normals_of(points)
    (x, y), (nx, ny) = points[0], normals[0]
    out = f"M{pair(x + nx * aside, y + ny * aside)}"
    for (px, py), ((ax, ay), (bx, by)) in zip(points[1:-1], pairwise(normals), strict=True):
        turn = ay * -bx + ax * by  # 1 to the right, -1 to the left
        reach = radius - turn * aside
        bend = num(reach)
        x, y = px + (ax + bx) * aside, py + (ay + by) * aside
        out += f"L{pair(x - ay * reach, y + ax * reach)}A{bend} {bend} 0 0 {int(turn > 0)} "
        out += pair(x + by * reach, y - bx * reach)
    (x, y), (nx, ny) = points[-1], normals[-1]
    return out + f"L{pair(x + nx * aside, y + ny * aside)}"


def prism(x: float, y: float, dx: float, dy: float, height: float, fill: str, ink: str) -> list[str]:
    """A box seen from a corner: its top rhombus starts at (x, y) and has the half-axes ``dx`` and ``dy``."""
    near, west, east = (x, y + 2 * dy), (x - dx, y + dy), (x + dx, y + dy)
    foot = (x, y + 2 * dy + height)
    return [
        polygon([west, near, foot, (west[0], west[1] + height)], mix(fill, ink, 0.3)),
        polygon([east, near, foot, (east[0], east[1] + height)], mix(fill, ink, 0.55)),
        polygon([(x, y), east, near, west], fill),
    ]
