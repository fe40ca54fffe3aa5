"""What a family draws with."""

from dataclasses import dataclass

from .palettes import Palette, palette_of
from .random_stream import RandomStream
from .subject import Subject


@dataclass(frozen=True)
class Canvas:
    """A random stream, a palette, how full the drawing is (0..2), and the prefix of its ids."""

    random: RandomStream
    palette: Palette
    density: int
    id_prefix: str

    @classmethod
    def of(cls, subject: Subject) -> "Canvas":
        """The canvas of a subject, its stream at the start."""
        return cls(subject.stream("composition"), palette_of(subject), subject.density, subject.id_prefix)
