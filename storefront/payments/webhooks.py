"""Stripe's events: kept and committed first, then claimed and handled in a second transaction.

Nothing is ever dropped: what can't be handled is parked with a reason, what failed is tried again by a sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.inserts import insert_if_new
from storefront.kit.periodic import Tally
from storefront.kit.slices import installed
from storefront.payments import gateway
from storefront.payments.models import StripeEvent

log = logging.getLogger(__name__)

TOLERANCE = 300  # seconds a signature is good for, Stripe's own default
MOST_ATTEMPTS = 8
WAITING = ("kept", "failed")
SETTLED = ("handled", "ignored")
Handler = Callable[[StripeEvent], None]


class Parked(Exception):
    """An event that does not fit: kept for an operator, with the sentence that says why."""


def keep(payload: Mapping[str, Any]) -> int:
    """Keep an event, once. Returns its row id, also when it was kept before."""
    with step():
        insert_if_new(
            StripeEvent,
            stripe_id=payload["id"],
            type=str(payload.get("type", ""))[:80],
            account=payload.get("account"),
            livemode=bool(payload.get("livemode")),
            payload=dict(payload),
            state="kept",
            reason="",
            attempts=0,
            created_at=_moment(payload.get("created")),
            received_at=clock.now(),
        )
        return db.session.scalars(sa.select(StripeEvent.id).where(StripeEvent.stripe_id == payload["id"])).one()


def _moment(created: object) -> datetime:
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else clock.now()


def handle(event_id: int) -> str:
    """Claim an event that waits and handle it in one transaction. Returns the state it is in then.

    Of two at once, one claims; the other waits for it and finds nothing left to do.
    """
    try:
        with step():
            event = _claim(event_id)
            if event is None:
                return db.session.get_one(StripeEvent, event_id, populate_existing=True).state
            event.state = _dispatch(event)
            return event.state
    except Parked as why:
        return _set_aside(event_id, "parked", str(why))
    except Exception as error:
        log.exception("event %s failed", event_id)
        return _set_aside(event_id, "failed", f"{type(error).__name__}: {error}")


def _claim(event_id: int) -> StripeEvent | None:
    claimed = (
        sa.update(StripeEvent)
        .where(StripeEvent.id == event_id, StripeEvent.state.in_(WAITING))
        .values(state="handled", reason="", attempts=StripeEvent.attempts + 1, handled_at=clock.now())
        .returning(StripeEvent)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(claimed).one_or_none()


def _dispatch(event: StripeEvent) -> str:
    if event.livemode != gateway.livemode():
        raise Parked("It is of the other mode (live or test) than this shop's key.")
    # A connected account's own payments have the same types as the shop's, and are none of its business.
    handlers: list[Handler] = installed().parts("connect_webhooks" if event.account else "webhooks", event.type)
    for handler in handlers:
        handler(event)
    return "handled" if handlers else "ignored"


def _set_aside(event_id: int, state: str, reason: str) -> str:
    with step():
        values = {"state": state, "reason": reason[:2000], "attempts": StripeEvent.attempts + 1}
        waiting = sa.update(StripeEvent).where(StripeEvent.id == event_id, StripeEvent.state.in_(WAITING))
        db.session.execute(waiting.values(**values))
    return state


def replay(event_id: int) -> str:
    """Try a failed or parked event again, as an operator asks. Returns its new state."""
    with step():
        again = sa.update(StripeEvent).where(
            StripeEvent.id == event_id, StripeEvent.state.in_(("failed", "parked", "ignored"))
        )
        db.session.execute(again.values(state="kept", reason=""))
    return handle(event_id)


def sweep() -> list[Tally]:
    """Handle events that were kept but not handled, and those that failed and may be tried again.

    One that ends parked is not mended: it waits for an operator.
    """
    now = clock.now()
    pause = timedelta(minutes=1)
    waiting = (
        sa.select(StripeEvent.id)
        .where(
            StripeEvent.state.in_(WAITING),
            StripeEvent.attempts < MOST_ATTEMPTS,
            StripeEvent.received_at < now - pause,
        )
        .order_by(StripeEvent.id)
        .limit(200)
    )
    states = [handle(event_id) for event_id in list(db.session.scalars(waiting))]
    return [Tally("events kept and not handled", len(states), sum(state in SETTLED for state in states))]
