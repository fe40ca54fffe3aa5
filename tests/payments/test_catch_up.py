"""News that never comes: what nobody asks after by itself is read from Stripe's own list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.kit.db import db, settle_reads
from storefront.kit.jobs import run_due_jobs
from storefront.kit.periodic import Tally, run_periodic
from storefront.kit.slices import installed
from storefront.ledger.reconciling import reconcile
from storefront.payments import catching_up
from storefront.payments.gateway import PaymentsDown
from tests.browser import Browser
from tests.cast import Cast
from tests.payouts.acts import earn, payouts
from tests.payouts.test_pay import pay_all, ready
from tests.refunds.acts import buy, order_of, refunds
from tests.stripe import Stripe
from tests.subscriptions.acts import MoveClock, wait
from tests.worlds import make_offer

__all__ = ["ready"]

HOUR = timedelta(hours=1)


def catch_up() -> list[Tally]:
    """As the worker does every hour."""
    (work,) = (each for one in installed().slices for each in one.periodic if each.name == catching_up.NAME)
    done = list(run_periodic(work))
    run_due_jobs()
    return done


def pay(cast: Cast, stripe: Stripe) -> None:
    """Bob pays and closes the window, and nobody tells the shop."""
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=listing.price, currency=listing.currency)
    session = db.session.query(Order.session_id).scalar()
    settle_reads()
    stripe.pay(session)


def test_a_refund_that_failed_weeks_later(cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock) -> None:
    stripe.deed("refunds", habit="fail after")
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent))
    wait(stripe, move_clock, timedelta(minutes=40))
    catch_up()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    wait(stripe, move_clock, timedelta(days=20))  # Stripe's settles meanwhile: it fails

    catch_up()

    assert [refund.state for refund in refunds()] == ["failed"]
    assert reconcile().findings == []


@pytest.mark.usefixtures("ready")
def test_a_transfer_reversed_in_stripes_dashboard(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    earn(cast.alice, 1500)
    pay_all()
    (payout,) = payouts()
    stripe.deed(f"transfers/{payout.transfer_id}/reverse", amount=500)
    wait(stripe, move_clock, HOUR)

    catch_up()

    assert [(each.state, each.returned) for each in payouts()] == [("sent", 500)]


def test_each_event_once_and_only_what_is_heard(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    pay(cast, stripe)
    wait(stripe, move_clock, HOUR)

    first, again = catch_up(), catch_up()

    assert first[0].found == first[0].mended == 1  # checkout.session.completed; what a card does nobody hears
    assert again[0].found == 0


def test_what_is_on_its_way_is_left_alone(cast: Cast, stripe: Stripe, client: Browser) -> None:
    """Stripe's deliveries come first, and are tried again."""
    pay(cast, stripe)

    assert catch_up()[0].found == 0


def test_after_a_failure_it_looks_as_far_back_as_stripe_remembers(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    catch_up()
    pay(cast, stripe)
    wait(stripe, move_clock, timedelta(days=9))
    stripe.fail_next("down", times=9, method="any")
    with pytest.raises(PaymentsDown):
        catch_up()
    stripe.go_on()

    assert catch_up()[0].mended == 1
