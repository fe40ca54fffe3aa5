"""Color sums: mixing, lightness, and which colors of a palette may stand beside each other."""

from .palettes import Palette


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0 to 255 each."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """``one`` moved by ``share`` (0..1) toward ``other`` in sRGB."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def luma(color: str) -> float:
    """Perceived lightness (ITU-R BT.601), 0 (black) to 1 (white)."""
    red, green, blue = channels(color)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def apart(palette: Palette, color: str, least: float = 0.12) -> list[str]:
    """Palette colors that stand off ``color`` by at least ``least`` luma; never fewer than two."""
    inks = (palette.a, palette.light, palette.b, palette.c, palette.ink)
    far = [ink for ink in inks if abs(luma(ink) - luma(color)) >= least]
    return far if len(far) > 1 else [palette.ink, palette.light]


def sun_colors(palette: Palette) -> list[str]:
    """Colors a sun may have: bright enough, and off the ground."""
    bright = [color for color in apart(palette, palette.ground, 0.08) if color != palette.ink]
    return bright or [palette.light]


def line_color(palette: Palette) -> str:
    """The line color that reads best on the ground."""
    return palette.light if luma(palette.ground) < 0.5 else palette.ink
