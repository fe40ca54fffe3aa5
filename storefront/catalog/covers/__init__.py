"""Cover art for listings that have no uploaded cover.

Cut paper and screen print: flat shapes on one calm ground, one faint paper shadow, and in nearly every
cover a **sun**, or another shape, that dissolves into halftone. That mark, the 80-unit grid and the six
color roles make the covers one family.

``cover_svg(Subject(seed, kind, title, tags))`` gives the same bytes on every machine: the random stream is
our own, only ``+ - * /`` and ``sqrt`` touch floats, and every length is rounded to a tenth of a unit.
The seed drives three independent streams (family, palette, composition), the kind picks a pair of families,
the first tag pulls 60 % of covers to a palette of its mood, and the number of words in the title sets how
full the drawing is. So a new first tag may recolor a cover; keep the SVG to freeze one.
``raster.webps`` turns it into pictures. Ids are prefixed by the seed, so covers may be inlined side by side.
"""

from .cover import cover_body, cover_svg
from .palettes import Palette, palette_of
from .subject import Subject

__all__ = ["Palette", "Subject", "cover_body", "cover_svg", "palette_of"]
