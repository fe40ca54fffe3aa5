"""The sweep of orders: Stripe is asked about those open too long, and every unwanted payment goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog.models import Listing
from storefront.checkout import getting, jobs, services
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step
from storefront.kit.jobs import GIVE_UP, AnnouncedJob, run_due_jobs
from storefront.library.models import Clone
from storefront.licenses.models import License
from tests.at_once import twice_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.stripe import Stripe
from tests.worlds import make_offer

MoveClock = Callable[[timedelta], None]
LATER = timedelta(minutes=6)


def ordered(cast: Cast, title: str = "Field Notes", listing: Listing | None = None) -> Order:
    """Bob's order with a session at Stripe."""
    listing = listing or make_offer(cast.alice, title)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    return db.session.scalars(sa.select(Order).order_by(Order.id.desc())).first()  # type: ignore[return-value]


def fresh(order: Order) -> Order:
    return db.session.get_one(Order, order.id, populate_existing=True)


def count(model: type[License | Clone | AnnouncedJob]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def sweep() -> dict[str, tuple[int, int]]:
    """How many of each kind one sweep found and mended."""
    settle_reads()
    return {tally.kind: (tally.found, tally.mended) for tally in jobs.sweep()}


def test_paid_and_expired_orders_are_found_and_counted(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    paid, gone, waiting = (ordered(cast, title) for title in ("Paid", "Gone", "Waiting"))
    stripe.pay(paid.session_id or "")
    stripe.expire(gone.session_id or "")
    assert sweep()["orders open too long"] == (0, 0)
    move_clock(LATER)

    assert sweep()["orders open too long"] == (3, 2)

    assert [fresh(order).status for order in (paid, gone, waiting)] == ["paid", "expired", "open"]
    assert sweep()["orders open too long"] == (0, 0)


def test_two_sweeps_at_once_fulfil_once(app: Flask, cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    order = ordered(cast)
    stripe.pay(order.session_id or "")
    move_clock(LATER)

    twice_at_once(app, jobs.sweep)

    assert fresh(order).status == "paid"
    assert (count(License), count(Clone)) == (1, 1)


def test_an_order_that_can_not_be_settled_holds_up_no_other(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    lost, paid = ordered(cast, "Lost"), ordered(cast, "Paid")
    with step():
        fresh(lost).session_id = "cs_test_of_another_account"
    stripe.pay(paid.session_id or "")
    move_clock(LATER)

    assert sweep()["orders open too long"] == (2, 1)

    assert fresh(lost).flag == "Stripe does not tell how its session stands: resource_missing."
    assert fresh(lost).checked_at is not None
    assert fresh(paid).status == "paid"


def test_one_that_stripe_breaks_on_goes_to_the_end_of_the_queue(
    cast: Cast, stripe: Stripe, move_clock: MoveClock
) -> None:
    first, second = ordered(cast, "First"), ordered(cast, "Second")
    for order in (first, second):
        stripe.pay(order.session_id or "")
    move_clock(LATER)
    stripe.fail_next("error", times=3, method="GET")  # the library asks three times

    assert sweep()["orders open too long"] == (2, 1)

    assert (fresh(first).status, fresh(second).status) == ("open", "paid")
    assert fresh(first).flag == "Stripe did not answer."
    move_clock(LATER)
    assert sweep()["orders open too long"] == (1, 1)
    assert fresh(first).flag == ""


def test_while_stripe_is_away_it_is_asked_once(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    for title in ("First", "Second"):
        ordered(cast, title)
    move_clock(LATER)
    stripe.fail_next("down", times=3, method="GET")

    assert sweep()["orders open too long"] == (2, 0)

    assert sweep()["orders open too long"] == (1, 0)  # the other was not asked about, so it is next


@pytest.fixture
def unwanted(cast: Cast, stripe: Stripe, client: Browser) -> Order:
    """Paid, while it had become his for nothing; the job that gives the money back was announced."""
    order = ordered(cast)
    with step():
        listing = db.session.get_one(Listing, order.listing_id)
        listing.price, listing.pricing = 0, "free"
        services.get_free(listing, cast.bob)
    stripe.pay(order.session_id or "")
    stripe.deliver(client)
    assert fresh(order).status == "unwanted"
    return order


KIND = "payments to give back that nobody was giving back"


def give_up(order: Order) -> None:
    """The job failed as often as a job may, the last time long ago."""
    mine = sa.update(AnnouncedJob).where(AnnouncedJob.name == "checkout.refund_unwanted")
    with step():
        db.session.execute(mine.values(attempts=GIVE_UP, run_at=clock.now() - timedelta(hours=1), error="Failed."))


def test_a_refund_that_gave_up_is_tried_again(unwanted: Order, stripe: Stripe) -> None:
    assert sweep()[KIND] == (0, 0)
    give_up(unwanted)

    assert sweep()[KIND] == (1, 1)

    run_due_jobs()
    assert fresh(unwanted).status == "refunded"
    assert [refund["amount"] for refund in stripe.refunds()] == [1200]


def test_a_refund_without_a_job_gets_one(unwanted: Order, stripe: Stripe) -> None:
    with step():
        db.session.execute(sa.delete(AnnouncedJob))

    assert sweep()[KIND] == (1, 1)
    assert sweep()[KIND] == (0, 0)

    run_due_jobs()
    assert fresh(unwanted).status == "refunded"


def test_two_sweeps_at_once_announce_one_refund(app: Flask, unwanted: Order, stripe: Stripe) -> None:
    with step():
        db.session.execute(sa.delete(AnnouncedJob))

    both = twice_at_once(app, jobs.sweep)

    assert sum(tally.found for tallies in both for tally in tallies if tally.kind == KIND) == 1
    assert count(AnnouncedJob) == 1


def test_a_refund_that_stripe_broke_on_after_making_it_is_made_once(
    unwanted: Order, stripe: Stripe, move_clock: MoveClock
) -> None:
    """Stripe replays its failure to the same key, so the next attempt has another and hears that it is done."""
    stripe.fail_next("error_after", times=1)
    run_due_jobs()
    move_clock(timedelta(hours=1))
    run_due_jobs()

    assert fresh(unwanted).status == "refunded"
    (refund,) = stripe.refunds()
    assert (fresh(unwanted).refund, refund["amount"]) == (refund["id"], 1200)
