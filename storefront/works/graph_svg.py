"""A flow drawn on the server: boxes from top to bottom, edges with arrow heads and labels.

The look is in the style sheet (classes ``graph-...``), so that the drawing follows the theme and the
content security policy allows it. It keeps its natural size: put it in a ``.scroll-x``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple

from markupsafe import Markup

from .graph_layout import Box, Link, Point, Route, Size, lay_out
from .graph_order import ANY_KIND, KIND_WORDS, OrderedStep, edges_of, steps_in_order
from .text_wrap import text_width, wrap, wrap_evenly

__all__ = ["graph_svg", "steps_in_order"]

TITLE_SIZE, LABEL_SIZE = 15, 13  # px; as in the style sheet
LINE, SMALL_LINE = 20, 18  # px, height of a line of either
WIDTH = 216  # px of a box
PADDING = 14  # px between a box and its text
SLOPE = 14  # px that the ends of a decision take
TITLE_LINES = 3
LABEL_WIDTH, LABEL_LINES = 160, 2  # px
LABEL_PADDING = 6  # px at either side
ARROW = 7  # px, length and width of a head
LOOP = 26  # px that an edge from a step to itself reaches out
MOST_STEPS, MOST_EDGES = 60, 120  # more can be listed, not read as a drawing


class Text(NamedTuple):
    """Lines of text and the size in px they are set in."""

    lines: list[str]
    size: float
    line: float

    @property
    def width(self) -> float:
        return max((text_width(line, self.size) for line in self.lines), default=0)

    @property
    def height(self) -> float:
        return self.line * len(self.lines)


def graph_svg(content: Mapping[str, Any], title: str = "Flow") -> Markup:
    """The graph of an item's content as an SVG element with its steps and edges as text beside it.

    Empty for a graph without steps, and for one too large to be read as a drawing: show
    ``steps_in_order`` with it or in its place.
    """
    steps, edges = content.get("steps", []), edges_of(content)
    if not 0 < len(steps) <= MOST_STEPS or len(edges) > MOST_EDGES:
        return Markup("")
    titles = [wrap_title(step) for step in steps]
    loops = loops_of(edges)
    joins = [(start, end, wrap_label(label)) for start, end, label in edges if start != end]
    sizes = [Size(WIDTH + 2 * reach_of(loops.get(i)), box_height(text)) for i, text in enumerate(titles)]
    layout = lay_out(sizes, [Link(start, end, padded(label)) for start, end, label in joins])
    boxes = [Box(box.x + (box.width - WIDTH) / 2, box.y, WIDTH, box.height) for box in layout.boxes]
    parts = [draw_edge(route) for route in layout.routes]
    parts += [draw_label(join[2], route.label) for join, route in zip(joins, layout.routes, strict=True)]
    parts += [draw_loop(boxes[i], label) for i, label in loops.items()]
    parts += [draw_step(step, text, box) for step, text, box in zip(steps, titles, boxes, strict=True)]
    return frame(content, title, layout.size, parts)


def loops_of(edges: Sequence[tuple[int, int, str]]) -> dict[int, Text]:
    """The steps that lead to themselves, with the conditions of all such edges as one label."""
    labels: dict[int, list[str]] = {}
    for start, end, label in edges:
        if start == end:
            labels.setdefault(start, []).append(label)
    return {step: wrap_label(", ".join(filter(None, found))) for step, found in labels.items()}


def reach_of(loop: Text | None) -> float:
    """How far a step's loop and its label reach out beside the box."""
    return 0 if loop is None else LOOP + padded(loop).width


def wrap_title(step: Mapping[str, Any]) -> Text:
    room = WIDTH - 2 * PADDING - (2 * SLOPE if step["kind"] == "decision" else 0)
    return Text(wrap_evenly(step["title"], TITLE_SIZE, room, TITLE_LINES), TITLE_SIZE, LINE)


def wrap_label(label: str) -> Text:
    return Text(wrap(label, LABEL_SIZE, LABEL_WIDTH, LABEL_LINES), LABEL_SIZE, SMALL_LINE)


def box_height(title: Text) -> float:
    return 2 * PADDING + title.height + SMALL_LINE


def padded(label: Text) -> Size:
    """The room a label takes; none if there is no label."""
    return Size(label.width + 2 * LABEL_PADDING, label.height) if label.lines else Size(0, 0)


def frame(content: Mapping[str, Any], title: str, size: Size, parts: Sequence[Markup]) -> Markup:
    """The SVG element; its title and description say to a screen reader what the drawing shows.

    Source: https://www.w3.org/TR/svg-aam-1.0/#mapping_additional_nd
    """
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" width="{width}" height="{height}"'
        ' viewBox="0 0 {width} {height}"><title>{title}</title><desc>{steps}</desc>{parts}</svg>'
    ).format(
        width=ceil(size.width),
        height=ceil(size.height),
        title=title,
        steps=" ".join(sentence(step) for step in steps_in_order(content)),
        parts=Markup("").join(parts),
    )


def sentence(step: OrderedStep) -> str:
    """A step and its ways on in words: ``2. Sort it (decision), urgent: to 3, else: to 5.``"""
    ways = [f"{way.label}: to {way.number}" if way.label else f"to {way.number}" for way in step.ways]
    return ", ".join([f"{step.number}. {step.title} ({step.kind_word.lower()})", *ways]) + "."


def draw_step(step: Mapping[str, Any], title: Text, box: Box) -> Markup:
    """A box in the outline of its kind, its title, and the kind in words."""
    known = step["kind"] if step["kind"] in KIND_WORDS else "step"
    word = KIND_WORDS.get(step["kind"], ANY_KIND)
    middle, top = box.x + box.width / 2, box.y + PADDING
    return Markup('<g class="graph-step graph-{kind}">{outline}{title}{word}</g>').format(
        kind=known,
        outline=hexagon(box) if known == "decision" else rectangle(box, "graph-box"),
        title=draw_text(title, middle, top, "graph-title"),
        word=draw_text(Text([word], LABEL_SIZE, SMALL_LINE), middle, top + title.height, "graph-kind"),
    )


def rectangle(box: Box, name: str) -> Markup:
    x, y, width, height = (num(length) for length in box)
    return Markup(f'<rect class="{name}" x="{x}" y="{y}" width="{width}" height="{height}"/>')


def hexagon(box: Box) -> Markup:
    """The outline of a decision."""
    right, bottom, middle = box.x + box.width, box.y + box.height, box.y + box.height / 2
    points = [
        (box.x, middle), (box.x + SLOPE, box.y), (right - SLOPE, box.y),
        (right, middle), (right - SLOPE, bottom), (box.x + SLOPE, bottom),
    ]  # fmt: skip
    return Markup(f'<path class="graph-box" d="M{"L".join(at(point) for point in points)}Z"/>')


def draw_text(text: Text, middle: float, top: float, name: str) -> Markup:
    """Centered lines; a baseline lies at seven tenths of its line."""
    lines = Markup("").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(num(middle), num(top + (i + 0.7) * text.line), line)
        for i, line in enumerate(text.lines)
    )
    return Markup('<text class="{}">{}</text>').format(name, lines)


def draw_label(label: Text, box: Box) -> Markup:
    """The condition of an edge, on a ground that hides the line behind it."""
    if not label.lines:
        return Markup("")
    words = draw_text(label, box.x + box.width / 2, box.y, "graph-label")
    return rectangle(box, "graph-ground") + words


def draw_edge(route: Route) -> Markup:
    """A line through all points of a route, upright at each, with a head at its end."""
    *points, (x, y) = route.points
    turn = -1 if route.climbs else 1
    name = "graph-edge graph-back" if route.climbs else "graph-edge"
    data = curve([*points, (x, y - turn * ARROW)])
    return Markup(f'<path class="{name}" d="{data}"/>') + head((x, y), (0, turn))


def curve(points: Sequence[Point]) -> str:
    """Path data that leaves and meets every point upright."""
    data = f"M{at(points[0])}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (y0 + y1) / 2
        straight = abs(x0 - x1) < 0.5
        data += f"L{at((x1, y1))}" if straight else f"C{at((x0, middle))} {at((x1, middle))} {at((x1, y1))}"
    return data


def draw_loop(box: Box, label: Text) -> Markup:
    """An edge from a step to itself, at its right side."""
    right, middle = box.x + box.width, box.y + box.height / 2
    upper, lower, out = middle - 12, middle + 12, right + 1.3 * LOOP
    data = f"M{at((right, upper))}C{at((out, upper))} {at((out, lower))} {at((right + ARROW, lower))}"
    size = padded(label)
    place = Box(right + LOOP, middle - size.height / 2, *size)
    return (
        Markup(f'<path class="graph-edge graph-back" d="{data}"/>')
        + head((right, lower), (-1, 0))
        + draw_label(label, place)
    )


def head(tip: Point, direction: tuple[int, int]) -> Markup:
    """A filled arrow head that points along ``direction``, a unit vector."""
    (x, y), (dx, dy) = tip, direction
    back, half = (x - dx * ARROW, y - dy * ARROW), ARROW * 0.55
    one, other = (back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half)
    return Markup(f'<path class="graph-head" d="M{at(tip)}L{at(one)}L{at(other)}Z"/>')


def at(point: Point) -> str:
    return f"{num(point[0])} {num(point[1])}"


def num(value: float) -> str:
    """A length to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
