"""What one month's price of All-Access is split into, for who wants to know before they pay or take part."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storefront.config import current as settings
from storefront.kit.money import Money

MEMBERS, WORKS = 200, 3  # the example for creators: how many members copy how many works of theirs
NUMBER = re.compile(r"[0-9]{1,9}")
SAID = 20  # letters of what was typed that are said back


@dataclass(frozen=True)
class Split:
    """A month's price at a number of ``copies``: what creators get of it, and the rest, which the shop keeps."""

    copies: int
    creators: Money
    shop: Money

    @property
    def price(self) -> Money:
        return self.creators + self.shop


@dataclass(frozen=True)
class Simulation:
    """The number of copies as it was ``typed``, and its split; where there is none, ``wrong`` says why."""

    typed: str
    split: Split | None
    wrong: str = ""


def simulate(typed: str | None) -> Simulation:
    """The split at the copies that somebody typed; at half of the most where they typed nothing yet."""
    most = settings().all_access_limit
    typed = str(most // 2) if typed is None else typed.strip()
    if NUMBER.fullmatch(typed) and int(typed) <= most:
        return Simulation(typed, split_of(int(typed)))
    instead = f", not “{typed[:SAID]}”" if typed else ""
    return Simulation(typed, None, f"Choose a whole number from 0 to {most}{instead}.")


def split_of(copies: int) -> Split:
    """One month's price, before tax. Creators never get more than there is."""
    price = Money(settings().all_access_price, settings().currency)
    creators = min(Money(copies * settings().copy_credit, price.currency), price)
    return Split(copies, creators, price - creators)


def example() -> Money:
    """What a creator gets in a month in which ``MEMBERS`` each copy ``WORKS`` works of theirs."""
    return Money(MEMBERS * WORKS * settings().copy_credit, settings().currency)
