"""Views as they are counted, in the memory of one process, until they are written."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from cachetools import FIFOCache

MOST_VISITORS = 100_000  # remembered a day by one process, some ten megabytes; the earliest gives way
MOST_WAITING = 10_000  # different sights that wait to be written; beyond that, new ones are lost and their number kept


class Sight(NamedTuple):
    """A listing, by its slug, on a day; and who looked, if signed in: members are taken out as it is written."""

    slug: str
    day: date
    person_id: int | None = None


class Count:
    """What was seen and not yet written. Bounded, however long the database stays away.

    A visitor is a keyed hash of address and browser, one key a day. Key and hashes are only ever here and are thrown
    away at midnight (UTC), so that nobody can tell afterwards who it was, nor that two days had the same visitor.
    """

    def __init__(self, most_visitors: int = MOST_VISITORS, most_waiting: int = MOST_WAITING) -> None:
        self._lock = Lock()
        self._most_waiting = most_waiting
        self._waiting: Counter[Sight] = Counter()
        self._visitors: FIFOCache[bytes, None] = FIFOCache(most_visitors)
        self._day = date.min
        self._key = b""
        self.lost = 0

    def __len__(self) -> int:
        """Different sights that wait."""
        return len(self._waiting)

    def see(self, slug: str, day: date, visitor: str, person_id: int | None = None) -> bool:
        """Count ``visitor`` looking at a listing, once a day. True if it was the first time."""
        with self._lock:
            self._turn_to(day)
            visit = blake2b(f"{visitor}\0{slug}".encode("utf-8", "replace"), key=self._key, digest_size=12).digest()
            if visit in self._visitors:
                return False
            self._visitors[visit] = None
            self._add(Sight(slug, self._day, person_id), 1)
            return True

    def take(self) -> Mapping[Sight, int]:
        """All that waits. Whoever takes it writes it, or gives it back."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            return taken

    def give_back(self, taken: Mapping[Sight, int]) -> None:
        """It could not be written; it waits for the next time with whatever came meanwhile."""
        with self._lock:
            for sight, views in taken.items():
                self._add(sight, views)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._visitors.clear()
            self._day, self.lost = date.min, 0

    def _turn_to(self, day: date) -> None:
        """A new day has a new key. A request that began before midnight counts for the day that began since."""
        if day > self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._visitors.clear()

    def _add(self, sight: Sight, views: int) -> None:
        if sight in self._waiting or len(self._waiting) < self._most_waiting:
            self._waiting[sight] += views
        else:
            self.lost += views
