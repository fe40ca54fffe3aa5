"""Reading Stripe's events. Operators only: an event holds what a buyer gave to Stripe."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from storefront.kit.concerns import MOST_COUNTED, Concern
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.payments.models import STATES, StripeEvent

PAGE = 25
COUNTED = ("kept", "failed", "parked")  # what should be few; the handled ones are not counted for a page
TROUBLE = ("failed", "parked")


def events_page(state: str | None, after: str | None = None) -> Page[Any]:
    """A page of events in ``state`` (all, if None), the newest first; rows without their payloads.

    Raises BadRequest for a cursor that isn't ours.
    """
    query = sa.select(
        StripeEvent.id, StripeEvent.stripe_id, StripeEvent.type, StripeEvent.state, StripeEvent.reason,
        StripeEvent.attempts, StripeEvent.received_at,
    )  # fmt: skip
    if state in STATES:
        query = query.where(StripeEvent.state == state)
    if after:
        query = query.where(StripeEvent.id < decode(after, int)[0])
    rows = db.session.execute(query.order_by(StripeEvent.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, encode(shown[-1].id) if len(rows) > PAGE else None)


def any_event(event_id: int) -> StripeEvent:
    """An event as it is now. Raises NotFound."""
    event = db.session.get(StripeEvent, event_id, populate_existing=True)
    if event is None:
        raise NotFound
    return event


def counts() -> dict[str, int]:
    """How many events wait or are in trouble, by state, each at most ``MOST_COUNTED``; one statement."""
    columns = [_capped((state,)).label(state) for state in COUNTED]
    return dict(db.session.execute(sa.select(*columns)).mappings().one())


def trouble() -> int:
    """How many events failed or are parked, at most ``MOST_COUNTED``."""
    return db.session.scalar(sa.select(_capped(TROUBLE))) or 0


def concerns() -> list[Concern]:
    """Events that are to be handled, and those in trouble."""
    found = counts()
    parked, failed = found["parked"], found["failed"]
    return [
        Concern(
            "Events parked", parked, "fit nothing; wait for a decision", url_for("webhooks.index", state="parked"),
            is_trouble=parked > 0,
        ),
        Concern(
            "Events failed", failed, "an error of ours; tried eight times", url_for("webhooks.index", state="failed"),
            is_trouble=failed > 0,
        ),
        Concern("Events to handle", found["kept"], "kept, handled next", url_for("webhooks.index", state="kept")),
    ]  # fmt: skip


def ids_in(*states: str) -> list[int]:
    """Row ids of every event in these states, oldest first."""
    query = sa.select(StripeEvent.id).where(StripeEvent.state.in_(states)).order_by(StripeEvent.id)
    return list(db.session.scalars(query))


def find_event(stripe_id: str) -> StripeEvent | None:
    """The event that Stripe calls ``stripe_id`` (``evt_…``)."""
    return db.session.scalar(sa.select(StripeEvent).where(StripeEvent.stripe_id == stripe_id))


def _capped(states: tuple[str, ...]) -> sa.ScalarSelect[int]:
    some = sa.select(StripeEvent.id).where(StripeEvent.state.in_(states)).limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()
