"""Projects as a plan: a floor plan on a drafting grid with dimension lines; one room is halftone."""

from collections.abc import Callable
from typing import NamedTuple

from .canvas import Canvas
from .colors import apart, line_color, mix
from .halftone import box_span, dots
from .svg import GRID, HEIGHT, WIDTH, circle, path, rect, stroke


class Room(NamedTuple):
    """A rectangle of the plan, units."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        return self.width * self.height


PLOTS = (
    Room(160, 160, 960, 560),
    Room(240, 160, 1120, 560),
    Room(-80, 160, 1120, 560),
    Room(160, 160, 960, 720),
)
Furniture = Callable[[Room, str], list[str]]


def left_quarter(room: Room, color: str) -> list[str]:
    side = min(room.width, room.height)
    return [path(f"M{room.x} {room.y + room.height}v{-side}a{side} {side} 0 0 1 {side} {side}Z", color)]


def table(room: Room, color: str) -> list[str]:
    side = min(room.width, room.height)
    return [circle(room.x + room.width / 2, room.y + room.height / 2, side * 0.3, color)]


def treads(room: Room, color: str) -> list[str]:
    lines = "".join(f"M{room.x} {room.y + down}h{room.width}" for down in range(20, room.height, 40))
    return [stroke(lines, color, 20)]


def right_quarter(room: Room, color: str) -> list[str]:
    side = min(room.width, room.height)
    return [path(f"M{room.x + room.width} {room.y}v{side}a{side} {side} 0 0 1 {-side} {-side}Z", color)]


def nothing(_room: Room, _color: str) -> list[str]:
    return []


FURNITURE: tuple[Furniture, ...] = (left_quarter, table, treads, right_quarter, nothing)


def split(canvas: Canvas, room: Room) -> tuple[Room, Room]:
    """Two rooms from one, cut across its longer side on the house grid."""
    x, y, width, height = room
    if width >= height:
        at = GRID * canvas.random.between(2, max(2, width // GRID - 2))
        return Room(x, y, at, height), Room(x + at, y, width - at, height)
    at = GRID * canvas.random.between(2, max(2, height // GRID - 2))
    return Room(x, y, width, at), Room(x, y + at, width, height - at)


def rooms_of(canvas: Canvas, plot: Room, cuts: int) -> list[Room]:
    """A plot cut ``cuts`` times, the largest room each time; in order of their corners."""
    rooms = [plot]
    for _ in range(cuts):
        rooms.sort(key=lambda room: -room.area)
        rooms += split(canvas, rooms.pop(0))
    return sorted(rooms)


def floors(canvas: Canvas, rooms: list[Room]) -> list[str]:
    """Each room's floor and what stands in it; the largest is dotted instead."""
    palette = canvas.palette
    tones = (palette.a, palette.light, palette.b, palette.c, mix(palette.b, palette.light, 0.5))
    tones_in_order = canvas.random.shuffled(tones)
    dotted = max(rooms, key=lambda room: room.area)
    out = []
    for i, room in enumerate(rooms):
        fill = tones_in_order[i % 5]
        other = canvas.random.pick(apart(palette, fill, 0.16))
        out.append(rect(*room, fill))
        if room == dotted:
            out.append(dotted_floor(room, other))
        else:
            out += canvas.random.pick(FURNITURE)(room, other)
    return out


def dotted_floor(room: Room, color: str) -> str:
    """The halftone of the largest room."""
    x, y, width, height = room
    return dots(box_span(x + 8, x + width - 8), x + width / 2, y + 20, y + height - 8, color, 40, 1, 17)


def walls(rooms: list[Room], hung: int, ink: str) -> list[str]:
    """Walls round every room, and doors in the first ``hung`` rooms that are large enough."""
    outlines = "".join(f"M{room.x} {room.y}h{room.width}v{room.height}h{-room.width}Z" for room in rooms)
    roomy = [room for room in rooms[:hung] if room.width > 80 and room.height > 160]
    doors = "".join(f"M{room.x + room.width} {room.y + room.height - 100}h-80a80 80 0 0 0 80 80" for room in roomy)
    return [stroke(outlines, ink, 14, ' stroke-linejoin="round"'), stroke(doors, ink, 7)]


def drafting_grid(color: str) -> str:
    """Thin lines on the house grid."""
    upright = "".join(f"M{x} 0V{HEIGHT}" for x in range(GRID, WIDTH, GRID))
    level = "".join(f"M0 {y}H{WIDTH}" for y in range(GRID, HEIGHT, GRID))
    return stroke(upright + level, color, 2, ' stroke-opacity=".16"')


def dimensions(plot: Room, color: str) -> list[str]:
    """A dimension line above the plot and one at its right."""
    x, y, width, height = plot
    above = f"M{x} {y - 56}h{width}M{x} {y - 76}v40M{x + width} {y - 76}v40"
    right = x + width + 56
    beside = f"M{right} {y}v{height}M{right - 20} {y}h40M{right - 20} {y + height}h40"
    return [stroke(above, color, 6), stroke(beside, color, 6)]


def plan(canvas: Canvas) -> list[str]:
    """Grid, floors, walls and dimensions of one plot."""
    line = line_color(canvas.palette)
    plot = canvas.random.pick(PLOTS)
    rooms = rooms_of(canvas, plot, 4 + canvas.density)
    return [
        drafting_grid(line),
        *floors(canvas, rooms),
        *walls(rooms, 2 + canvas.density, canvas.palette.ink),
        *dimensions(plot, line),
    ]
