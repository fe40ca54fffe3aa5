"""Which drawings belong to which kind of work."""

from collections.abc import Callable

from .blocks import blocks
from .canvas import Canvas
from .graph import graph
from .plan import plan
from .quilt import quilt
from .ribbons import ribbons
from .sheets import sheets
from .subject import Subject

Family = Callable[[Canvas], list[str]]

FAMILIES: dict[str, tuple[Family, ...]] = {
    "pack": (sheets, quilt),
    "flow": (ribbons, graph),
    "project": (blocks, plan),
}
EVERY: tuple[Family, ...] = tuple(family for families in FAMILIES.values() for family in families)


def family_of(subject: Subject) -> Family:
    """The seed's family of its kind; a kind we don't know draws from all of them."""
    return subject.stream("family").pick(FAMILIES.get(subject.kind, EVERY))
