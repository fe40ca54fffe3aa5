"""An SVG cover as WebP pictures: resvg draws once, Pillow halves and encodes."""

from io import BytesIO

import resvg_py
from PIL import Image

WIDTHS = (320, 640, 1280)  # px; each divides the last
HEIGHT = 800  # px, of the widest
QUALITY, EFFORT = 82, 2  # WebP: visual quality 0..100, effort ("method") 0..6


def webps(svg: str) -> dict[int, bytes]:
    """WebP bytes by width in px, for each of ``WIDTHS``; about a tenth of a second of work."""
    widest = max(WIDTHS)
    png = resvg_py.svg_to_bytes(svg_string=svg, width=widest, height=HEIGHT, skip_system_fonts=True)
    picture = Image.open(BytesIO(png)).convert("RGB")
    return {width: webp(picture.reduce(widest // width)) for width in WIDTHS}


def webp(picture: Image.Image) -> bytes:
    """One picture encoded, without metadata."""
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return out.getvalue()
