"""What may wait for an operator: each slice answers the question ``health.concerns`` with its own."""

from __future__ import annotations

from dataclasses import dataclass

MOST_COUNTED = 100  # more is shown as "99+": a count reads no further


@dataclass(frozen=True)
class Concern:
    """Things of one kind that wait: how many (at most ``MOST_COUNTED``), what that means, and where they are.

    ``is_trouble`` says that they don't go away by themselves: a person must look.
    """

    label: str
    count: int
    meaning: str
    url: str
    is_trouble: bool = False

    @property
    def figure(self) -> str:
        return f"{MOST_COUNTED - 1}+" if self.count >= MOST_COUNTED else str(self.count)
