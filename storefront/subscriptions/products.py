"""What is sold by subscription, as one table: the pricing page, Checkout and ``storefront stripe setup`` read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storefront.accounts.plans import PLANS
from storefront.config import Settings
from storefront.kit.money import Money

Family = Literal["plan", "pass"]
Interval = Literal["month", "year"]
FAMILIES = ("plan", "pass")  # a person has one live subscription of each at most
INTERVALS = ("month", "year")
ALL_ACCESS = "all_access"
PRODUCTS = ("pro", "studio", ALL_ACCESS)


@dataclass(frozen=True)
class Price:
    """What one product costs for one interval. ``lookup_key`` is how Stripe's own price is found."""

    product: str
    title: str
    family: Family
    interval: Interval
    amount: int
    currency: str

    @property
    def lookup_key(self) -> str:
        return f"storefront_{self.product}_{self.interval}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


def prices(settings: Settings) -> list[Price]:
    """Every price of the shop, the cheapest product first. A year costs twelve months less those that are free."""
    return list(_prices(settings))


def price_of(settings: Settings, product: str, interval: str) -> Price | None:
    """None for what is not sold, such as a year of All-Access."""
    return next((each for each in _prices(settings) if (each.product, each.interval) == (product, interval)), None)


def _prices(settings: Settings) -> Iterator[Price]:
    currency = settings.currency
    for plan in PLANS:
        if plan.price:
            yearly = plan.price * (12 - settings.yearly_free_months)
            yield Price(plan.name, plan.title, "plan", "month", plan.price, currency)
            yield Price(plan.name, plan.title, "plan", "year", yearly, currency)
    yield Price(ALL_ACCESS, "All-Access", "pass", "month", settings.all_access_price, currency)
