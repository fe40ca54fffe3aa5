"""One cover as SVG text."""

from html import escape

from .canvas import Canvas
from .families import family_of
from .subject import Subject
from .svg import HEIGHT, WIDTH, rect

TITLE_LIMIT = 120  # characters of the accessible title


def cover_body(subject: Subject) -> str:
    """The drawing inside the frame, ground included, to nest in another SVG."""
    canvas = Canvas.of(subject)
    return rect(0, 0, WIDTH, HEIGHT, canvas.palette.ground) + "".join(family_of(subject)(canvas))


def cover_svg(subject: Subject) -> str:
    """The cover, 1280 x 800 units and under 12 KB: the same bytes for the same subject; no script or font."""
    title = "".join(letter for letter in subject.title[:TITLE_LIMIT] if letter.isprintable())
    name = f"<title>{escape(title)}</title>" if title else ""
    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{name}{cover_body(subject)}</svg>\n'
