"""News that Stripe told and that never came here: read from its own list, once its deliveries had their time.

What a slice began it asks after by itself. What somebody does in Stripe's dashboard, or a bank days later, nobody would
ask after. Source: https://docs.stripe.com/webhooks/process-undelivered-events
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, outside
from storefront.kit.periodic import PeriodicRun, Tally
from storefront.kit.slices import installed
from storefront.payments.gateway.events import told_between
from storefront.payments.models import StripeEvent
from storefront.payments.webhooks import SETTLED, handle, keep

NAME = "payments.catch_up"
REMEMBERED = timedelta(days=29)  # Stripe lists events of thirty days
OVERLAP = timedelta(minutes=10)  # two clocks
DELIVERED_WITHIN = timedelta(minutes=30)  # a delivery that fails is tried again, and is on its way until then


def catch_up() -> list[Tally]:
    """Keep and handle what Stripe told since the last time and that is not here. Raises PaymentsDown."""
    since, until = _since(), clock.now() - DELIVERED_WITHIN
    missed: list[Mapping[str, Any]] = []
    heard = {type for one in installed().slices for type in one.webhooks}
    with outside():
        pages = list(told_between(since, until)) if since < until else []
    for page in pages:
        missed += _unknown([event for event in page if event["type"] in heard])
    states = [handle(keep(event)) for event in reversed(missed)]
    return [Tally("events that Stripe told and that never came", len(states), sum(each in SETTLED for each in states))]


def _since() -> datetime:
    """Where the last time ended; after one that failed, as far back as Stripe remembers."""
    last = db.session.get(PeriodicRun, NAME, populate_existing=True)
    if last is None or last.error:
        return clock.now() - REMEMBERED
    return max(last.began_at - DELIVERED_WITHIN - OVERLAP, clock.now() - REMEMBERED)


def _unknown(told: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    query = sa.select(StripeEvent.stripe_id).where(StripeEvent.stripe_id.in_([event["id"] for event in told]))
    here = set(db.session.scalars(query))
    return [event for event in told if event["id"] not in here]
