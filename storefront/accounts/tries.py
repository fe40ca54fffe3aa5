"""Counting tries, so that neither passwords nor accounts can be found by guessing, nor mailboxes flooded.

The counts live outside the database: a refused request rolls back, its try still counts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import RateLimiter

from storefront.kit.errors import TooMany
from storefront.kit.security import limiter

PAUSE = 10  # minutes
LONG_PAUSE = 90  # minutes; longer ones are said in hours
WRONG_BY_ACCOUNT = RateLimitItemPerMinute(5, PAUSE)
WRONG_BY_ADDRESS = RateLimitItemPerMinute(30, PAUSE)
LETTERS_BY_EMAIL = RateLimitItemPerHour(5)
LETTERS_BY_ADDRESS = RateLimitItemPerHour(60)
JOINS_BY_ADDRESS = RateLimitItemPerHour(60)


class Paused(TooMany):
    """Too many tries; says for how many minutes none will count."""

    def __init__(self, limit: RateLimitItem, *key: str) -> None:
        seconds = _counter().get_window_stats(limit, *key).reset_time - time.time()
        minutes = max(1, math.ceil(seconds / 60))
        pause = "a minute" if minutes == 1 else f"{minutes} minutes"
        if minutes > LONG_PAUSE:
            pause = f"{math.ceil(minutes / 60)} hours"
        super().__init__(f"Too many tries. Wait {pause}, then try again.")


@dataclass(frozen=True)
class PasswordTries:
    """Guesses at one account's password, also counted by the network address they come from.

    An e-mail that nobody signed up with counts the same, so that the count tells nothing.
    """

    email: str
    address: str

    def spend(self) -> None:
        """Take one of the account's tries before the password is looked at. Raises Paused if none is left."""
        if not _counter().test(WRONG_BY_ADDRESS, "sign-in-address", self.address):
            raise Paused(WRONG_BY_ADDRESS, "sign-in-address", self.address)
        spend(WRONG_BY_ACCOUNT, "sign-in", self.email.lower())

    def fail(self) -> int:
        """Count a wrong guess against the address too. Returns how many tries the account has left."""
        _counter().hit(WRONG_BY_ADDRESS, "sign-in-address", self.address)
        return _counter().get_window_stats(WRONG_BY_ACCOUNT, "sign-in", self.email.lower()).remaining

    def forget(self) -> None:
        """Begin anew for the account: its owner has shown who they are."""
        _counter().clear(WRONG_BY_ACCOUNT, "sign-in", self.email.lower())


def spend_join(address: str) -> None:
    """Count an attempt to make an account. Raises Paused past the limit."""
    spend(JOINS_BY_ADDRESS, "join", address)


def spend_letter(email: str, address: str) -> None:
    """Count a letter that somebody at ``address`` wants sent to ``email``. Raises Paused past a limit."""
    spend(LETTERS_BY_ADDRESS, "letter-address", address)
    spend(LETTERS_BY_EMAIL, "letter", email.lower())


def spend(limit: RateLimitItem, *key: str) -> None:
    """Count one try under ``key``. Raises Paused past the limit."""
    if not _counter().hit(limit, *key):
        raise Paused(limit, *key)


def _counter() -> RateLimiter:
    return limiter.limiter
