"""When a subscription's periods begin: https://docs.stripe.com/billing/subscriptions/billing-cycle"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from storefront.sandbox.store import Body

DAY = 24 * 60 * 60
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def period_end(price: Body, *, anchor: int, start: int) -> int:
    """Where the period that begins at `start` ends: the first boundary after it, counted from `anchor`, in seconds.

    A month without the anchor's day ends on its last; the one after it has the day again.
    """
    every, count = price["recurring"]["interval"], price["recurring"]["interval_count"]
    number = 0
    end = anchor
    while end <= start:
        number += 1
        end = _boundary(anchor, every, count * number)
    return end


def same_cycle(one: Body, other: Body) -> bool:
    """Whether two prices are paid at the same distance."""
    return bool(
        (one["recurring"]["interval"], one["recurring"]["interval_count"])
        == (other["recurring"]["interval"], other["recurring"]["interval_count"])
    )


def _boundary(anchor: int, every: str, count: int) -> int:
    if every in _DAYS:
        return anchor + _DAYS[every] * count * DAY
    first = datetime.fromtimestamp(anchor, UTC)
    years, month = divmod(first.month - 1 + _MONTHS[every] * count, 12)
    year, month = first.year + years, month + 1
    day = min(first.day, monthrange(year, month)[1])
    return int(first.replace(year=year, month=month, day=day).timestamp())
