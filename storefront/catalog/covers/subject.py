"""What a cover is drawn from."""

from dataclasses import dataclass
from hashlib import blake2b

from .random_stream import RandomStream


@dataclass(frozen=True)
class Subject:
    """The facts that steer a cover.

    ``seed`` should be the listing's permanent id; ``kind`` is ``pack``, ``flow`` or ``project``
    (any other draws from all families). The letters of ``title`` never enter the random stream, so
    that fixing a typo keeps the cover; the first of ``tags`` sets the mood of the palette.
    """

    seed: str
    kind: str
    title: str = ""
    tags: tuple[str, ...] = ()

    def stream(self, purpose: str) -> RandomStream:
        """The seed's own stream for one purpose; what one purpose draws never moves another."""
        return RandomStream(self.seed, purpose)

    @property
    def id_prefix(self) -> str:
        """What every ``id`` in the drawing begins with, so that covers may share a page."""
        return "c" + blake2b(self.seed.encode(), digest_size=4).hexdigest()

    @property
    def density(self) -> int:
        """0, 1 or 2 from the number of words: longer titles get fuller covers."""
        words = len(self.title.split())
        if words <= 3:
            return 0
        return 1 if words <= 6 else 2
