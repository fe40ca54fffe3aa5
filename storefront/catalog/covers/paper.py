"""Cut paper: flat shapes that cast one faint shadow."""

from collections.abc import Callable

from .svg import group

CORNER = 28  # corner radius of paper, units
SHADOW = (10, 14)  # offset of a shadow to the right and down, units
# Fill and stroke opacity, not `opacity`: that costs the renderer a layer for each shape.
FAINT = 'fill-opacity=".17" stroke-opacity=".17"'


def shadow_of(part: str) -> str:
    """The paper shadow of one shape that was drawn in the ink."""
    dx, dy = SHADOW
    return group([part], f'{FAINT} transform="translate({dx} {dy})"')


def sheet(shape: Callable[[str], str], fill: str, ink: str) -> list[str]:
    """A cut sheet, its shadow first; ``shape`` draws it in a given color."""
    return [shadow_of(shape(ink)), shape(fill)]
