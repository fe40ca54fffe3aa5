"""Events that were kept and not handled: the process died between the two transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, settle_reads
from storefront.kit.periodic import Tally
from storefront.licenses.models import License
from storefront.payments import webhooks
from storefront.payments.models import StripeEvent
from tests.at_once import twice_at_once
from tests.cast import Cast
from tests.payments.events import COMPLETED, kept, payment

MoveClock = Callable[[timedelta], None]
KIND = "events kept and not handled"


def states() -> list[str]:
    return list(db.session.scalars(sa.select(StripeEvent.state).order_by(StripeEvent.id)))


def test_what_was_left_is_handled_and_counted(cast: Cast, move_clock: MoveClock) -> None:
    """A payment, something nobody listens to, and something that fits nothing: that one waits for an operator."""
    webhooks.keep(payment(cast)[1])
    kept("customer.created")
    kept(COMPLETED, metadata={})
    assert webhooks.sweep() == [Tally(KIND, 0, 0)]
    settle_reads()
    move_clock(timedelta(minutes=2))

    assert webhooks.sweep() == [Tally(KIND, 3, 2)]

    assert states() == ["handled", "ignored", "parked"]
    assert webhooks.sweep() == [Tally(KIND, 0, 0)]


def test_two_sweeps_at_once_handle_it_once(app: Flask, cast: Cast, move_clock: MoveClock) -> None:
    webhooks.keep(payment(cast)[1])
    move_clock(timedelta(minutes=2))

    twice_at_once(app, webhooks.sweep)

    assert states() == ["handled"]
    assert list(db.session.scalars(sa.select(StripeEvent.attempts))) == [1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(License)) == 1
