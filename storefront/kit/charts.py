"""The geometry of a chart: counts stacked as dots, and beside them another figure as a line, over one stretch of time.

One dot is one sale. Where a day has more than ten, a dot stands for more and the legend says so. Coordinates are
SVG units, ten to a point and ten to a dot; the page stretches them to its width and the strokes keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import ceil

UNIT = 10  # SVG units from point to point, and from dot to dot
MOST_DOTS = 10  # one above the other; more, and a dot stands for more
LEAST_ROWS = 4
ROWS_APART = 2  # dots from one line of the grid to the next
TICKS = 4  # stretches between the names under the chart
DENSE = 45  # points; with more, dots are smaller
FINE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)  # first digits of the steps of the line's axis
NUMERALS = {1: "one", 2: "two", 5: "five", 10: "ten"}


@dataclass(frozen=True)
class Point:
    """One day, or another stretch of time. ``short`` stands under the chart, ``name`` in its table.

    ``part`` is how many of the dots are of the chart's own measure for that: sales among gets.
    """

    name: str
    short: str
    dots: int
    line: int = 0
    part: int = 0


@dataclass(frozen=True)
class Measure:
    """What is counted: the head of its column, and its noun for one and for many.

    ``figure`` writes an amount where there is no noun: on the axis and in the table.
    """

    name: str
    one: str
    many: str
    figure: Callable[[int], str] = "{:,}".format

    def phrase(self, amount: int) -> str:
        """``1 sale``, ``3,184 views``."""
        return f"{self.figure(amount)} {self.one if amount == 1 else self.many}".rstrip()


@dataclass(frozen=True)
class Tick:
    """A name under the chart, ``at`` so many percent of its width; a phone leaves out what is ``minor``."""

    at: float
    text: str
    anchor: str
    minor: bool


@dataclass(frozen=True)
class Chart:
    """Points in order of time, the measure of their dots, that of their line, and that of a part of the dots.

    With a part, its dots are full and lie below, the others are rings.
    """

    points: Sequence[Point]
    dots: Measure
    line: Measure | None = None
    part: Measure | None = None

    @cached_property
    def each(self) -> int:
        """How much one dot stands for: 1, or the smallest of 2, 5, 10, 20, 50 ... that keeps to ten dots."""
        most = max((point.dots for point in self.points), default=0)
        return next(step for step in _round_numbers((1, 2, 5)) if ceil(most / step) <= MOST_DOTS)

    @property
    def legend(self) -> str:
        """``One sale``; ``One dot, five sales`` where a dot stands for more."""
        if self.each == 1:
            return f"One {self.dots.one}"
        amount = NUMERALS.get(self.each, self.dots.figure(self.each)) if self.dots.many else self.dots.figure(self.each)
        return f"One dot, {amount} {self.dots.many}".rstrip()

    @cached_property
    def rows(self) -> int:
        """How many dots high the chart is: even, so that the grid's last line closes it."""
        most = max((self._stack(point) for point in self.points), default=0)
        return max(LEAST_ROWS, most + most % ROWS_APART)

    @property
    def stretches(self) -> int:
        """Between the lines of the grid."""
        return self.rows // ROWS_APART

    @property
    def width(self) -> int:
        return max(1, len(self.points)) * UNIT

    @property
    def height(self) -> int:
        return self.rows * UNIT

    @property
    def is_dense(self) -> bool:
        return len(self.points) > DENSE

    @property
    def is_empty(self) -> bool:
        return not any(point.dots or point.line for point in self.points)

    @property
    def dot_path(self) -> str:
        """Every full dot as a line of no length, which a round cap makes a dot whatever the stretch."""
        return self._path(lambda point: range(self._full(point)))

    @property
    def ring_path(self) -> str:
        """The dots that are not of the part; none where the chart has none."""
        return self._path(lambda point: range(self._full(point), self._stack(point)))

    @property
    def line_points(self) -> str:
        top = self.line_step * self.stretches
        return " ".join(
            f"{self._middle(at)},{round(self.height - point.line / top * self.height, 1):g}"
            for at, point in enumerate(self.points)
        )

    @property
    def grid(self) -> list[int]:
        """Where the lines of the grid are, from the top."""
        return list(range(0, self.height + 1, ROWS_APART * UNIT))

    @property
    def dot_labels(self) -> list[str]:
        """The axis at the left, from the top."""
        return [self.dots.figure(row * self.each) for row in range(self.rows, -1, -ROWS_APART)]

    @property
    def line_labels(self) -> list[str]:
        """The axis at the right, from the top; its lines are those of the left one."""
        if self.line is None:
            return []
        return [self.line.figure(at * self.line_step) for at in range(self.stretches, -1, -1)]

    @cached_property
    def line_step(self) -> int:
        """How much of the line's figure there is between two lines of the grid."""
        most = max((point.line for point in self.points), default=0)
        return next(step for step in _round_numbers(FINE) if step >= ROWS_APART and step * self.stretches >= most)

    @property
    def ticks(self) -> list[Tick]:
        """A handful of names: the first, the last, and what lies evenly between."""
        last = len(self.points) - 1
        step = max(1, round(last / TICKS))
        chosen = [*(at for at in range(0, last, step) if last - at > step / 2), *([last] if self.points else [])]
        return [
            self._tick(at, minor=len(chosen) >= TICKS and left % 2 == 1)
            for left, at in zip(reversed(range(len(chosen))), chosen, strict=True)
        ]

    @property
    def sentence(self) -> str:
        """The chart in words, for those who do not see it."""
        measures = [self._counted(sum(point.dots for point in self.points), sum(point.part for point in self.points))]
        if self.line:
            measures.append(self.line.phrase(sum(point.line for point in self.points)))
        if not self.points:
            return "No figures."
        span = f"{self.points[0].name} to {self.points[-1].name}: {' and '.join(measures)}."
        best = max(self.points, key=lambda point: point.dots)
        return f"{span} The most was {self.dots.phrase(best.dots)}, {best.name}." if best.dots else span

    def said(self, point: Point) -> str:
        """What one point shows when it is pointed at: ``10 November: 7 sales, 206 views``."""
        phrases = [self._counted(point.dots, point.part), *([self.line.phrase(point.line)] if self.line else [])]
        return f"{point.name}: {', '.join(phrases)}"

    def _counted(self, dots: int, part: int) -> str:
        """``8 gets (5 sales)``."""
        return f"{self.dots.phrase(dots)} ({self.part.phrase(part)})" if self.part else self.dots.phrase(dots)

    def _path(self, rows: Callable[[Point], Sequence[int]]) -> str:
        return "".join(
            f"M{self._middle(at)} {self.height - row * UNIT - UNIT // 2}h0"
            for at, point in enumerate(self.points)
            for row in rows(point)
        )

    def _tick(self, at: int, *, minor: bool) -> Tick:
        """The name of one point in its middle; at the very edges it stays inside."""
        share = round((at + 0.5) / len(self.points) * 100, 2)
        anchor = "start" if share < 1 else "end" if share > 99 else "middle"
        return Tick(share, self.points[at].short, anchor, minor)

    def _stack(self, point: Point) -> int:
        """Dots of a point, to the nearest; whatever there is shows."""
        return self._nearest(point.dots)

    def _full(self, point: Point) -> int:
        return min(self._stack(point), self._nearest(point.part)) if self.part else self._stack(point)

    def _nearest(self, amount: int) -> int:
        return max(int(amount > 0), (2 * amount + self.each) // (2 * self.each))

    @staticmethod
    def _middle(at: int) -> int:
        return at * UNIT + UNIT // 2


def _round_numbers(digits: Sequence[float]) -> Iterator[int]:
    """Those digits, ten times those digits, and so on, as far as they are whole: 1, 2, 5, 10, 20, 50, 100 ..."""
    for power in count():
        yield from (int(digit * 10**power) for digit in digits if digit * 10**power % 1 == 0)
