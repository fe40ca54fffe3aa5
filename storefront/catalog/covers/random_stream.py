"""A random stream that is the same on every Python and every machine."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
WORD = (1 << 64) - 1


class RandomStream:
    """SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) keyed by strings through BLAKE2b.

    The standard library's ``random`` promises no stable sequence for ``choice`` and ``shuffle``
    between versions; a cover has to stay the same for as long as its listing lives.
    """

    def __init__(self, *keys: str) -> None:
        digest = blake2b("\x1f".join(keys).encode(), digest_size=8).digest()
        self._state = int.from_bytes(digest, "big")

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & WORD
        return mixed ^ (mixed >> 31)

    def chance(self, probability: float) -> bool:
        """True for a share of ``probability`` (0..1) of the calls."""
        return (self.bits() >> 11) / (1 << 53) < probability

    def between(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low + self.bits() % (high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, each as likely as the next."""
        return items[self.bits() % len(items)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list of ``items`` in random order (Fisher and Yates)."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.bits() % (i + 1)
            out[i], out[j] = out[j], out[i]
        return out
