"""SVG primitives as text. Lengths are user units of the frame, colors ``#rrggbb``."""

from collections.abc import Sequence

WIDTH, HEIGHT = 1280, 800  # the frame (16:10), units
GRID = 80  # the house grid: 16 x 10 cells

Point = tuple[float, float]


def num(value: float) -> str:
    """One decimal at most, no trailing zero, no ``-0``."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def pair(x: float, y: float) -> str:
    """A point as path data."""
    return f"{num(x)} {num(y)}"


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0, more: str = "") -> str:
    """A rectangle; ``more`` is further attributes with a leading space."""
    corner = f' rx="{num(radius)}"' if radius else ""
    box = f'x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
    return f'<rect {box}{corner} fill="{fill}"{more}/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """A disc about (x, y)."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="{fill}"/>'


def path(data: str, fill: str, more: str = "") -> str:
    """A filled path."""
    return f'<path d="{data}" fill="{fill}"{more}/>'


def stroke(data: str, color: str, width: float, more: str = "") -> str:
    """A path drawn as a line of ``width``."""
    return f'<path d="{data}" fill="none" stroke="{color}" stroke-width="{num(width)}"{more}/>'


def polygon(points: Sequence[Point], fill: str) -> str:
    """A closed shape through ``points``."""
    return path("M" + "L".join(pair(x, y) for x, y in points) + "Z", fill)


def group(parts: Sequence[str], attributes: str) -> str:
    """``parts`` under shared ``attributes``."""
    return f"<g {attributes}>{''.join(parts)}</g>"


def half_disc(x: float, y: float, radius: float, fill: str, *, up: bool = True) -> str:
    """A half disc on the horizontal diameter through (x, y)."""
    size = num(radius)
    return path(f"M{pair(x - radius, y)}a{size} {size} 0 0 {int(up)} {num(2 * radius)} 0Z", fill)
