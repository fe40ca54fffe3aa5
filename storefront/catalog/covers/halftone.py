"""The house mark: a shape, mostly a sun, that dissolves into printers' dots."""

import math
from collections.abc import Callable

from .svg import circle, group, num

Span = Callable[[float], "tuple[float, float] | None"]
"""Where a shape may be dotted: from the height ``y`` of a row to its ends, or None outside."""

MARGIN = 6  # between a disc's edge and its dots, units
LEAST_DOT = 1.2  # radius below which a dot is left out, units
ROW = 0.866  # height of a row of the lattice, of its step: half the square root of 3


def disc_span(x: float, y: float, radius: float) -> Span:
    """The rows of a disc about (x, y)."""

    def span(row: float) -> tuple[float, float] | None:
        rest = radius * radius - (row - y) ** 2
        return None if rest <= 0 else (x - math.sqrt(rest), x + math.sqrt(rest))

    return span


def box_span(left: float, right: float) -> Span:
    """The rows of an upright box."""
    return lambda _row: (left, right)


def dots(
    span: Span, middle: float, top: float, bottom: float, fill: str, step: float, first: float, last: float
) -> str:
    """Whole dots on a triangular lattice about x = ``middle``, ``step`` apart.

    The radius grows from ``first`` at ``top`` to ``last`` at ``bottom``; a negative ``first`` starts the
    dots lower. A row is one dashed line of zero-length round strokes, a tenth of the size of its circles.
    """
    rows = []
    for i in range(int((bottom - top) / (step * ROW)) + 1):
        y = top + i * (step * ROW)
        radius = first + (last - first) * (y - top) / (bottom - top)
        ends = span(y)
        if ends is not None and radius >= LEAST_DOT and y + radius <= bottom:
            rows.append(dot_row(ends, y, radius, step, middle + step / 2 * (i % 2)))
    look = f'fill="none" stroke="{fill}" stroke-linecap="round" stroke-dasharray="0 {num(step)}"'
    return group(rows, look)


def dot_row(ends: tuple[float, float], y: float, radius: float, step: float, shift: float) -> str:
    """The dots of one row that fit whole between ``ends``; empty if none does."""
    start = math.ceil((ends[0] + radius - shift) / step) * step + shift
    length = math.floor((ends[1] - radius - start) / step) * step
    if length < 0:
        return ""
    # The tenth of a unit keeps the last dot when a renderer rounds the line short.
    return f'<path d="M{num(start)} {num(y)}h{num(length + 0.1)}" stroke-width="{num(2 * radius)}"/>'


def sun(x: float, y: float, radius: float, fill: str, dot: str) -> list[str]:
    """A disc in ``fill`` whose lower part dissolves into dots of ``dot``."""
    step = max(20.0, radius / 6)
    inside = disc_span(x, y, radius - MARGIN)
    halftone = dots(inside, x, y - radius, y + radius, dot, step, -step * 0.3, step * 0.46)
    return [circle(x, y, radius, fill), halftone]
