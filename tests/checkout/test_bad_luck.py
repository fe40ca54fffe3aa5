"""What goes wrong between shop and Stripe while somebody buys, and that it costs nobody anything."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.checkout import getting, services
from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import db, outside, settle_reads, step
from storefront.kit.errors import Conflict
from storefront.kit.jobs import AnnouncedJob, run_due_jobs
from storefront.licenses.models import License
from storefront.payments import gateway, webhooks
from storefront.payments.gateway import CheckoutSession
from storefront.payments.models import StripeEvent
from storefront.sandbox.server import RunningSandbox
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.stripe import Stripe
from tests.worlds import make_offer

SECONDS = 20  # to wait for the other click


def orders() -> list[Order]:
    query = sa.select(Order).order_by(Order.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def get(app: Flask, buyer: Person, listing: Listing, price: int = 1200) -> License | str:
    """A click, in a context of its own as in a server, and perhaps in a thread of its own."""
    if has_app_context():
        settle_reads()
    with app.app_context():
        return getting.get(listing.slug, buyer, price=price, currency="USD")


def reprice(listing: Listing, price: int) -> None:
    with step():
        db.session.get_one(Listing, listing.id).price = price


def status_of(session_id: str | None) -> str:
    settle_reads()
    with outside():
        return gateway.retrieve_checkout_session(session_id or "").status


@pytest.fixture
def hands() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def click_that_hangs(
    app: Flask, cast: Cast, stripe: Stripe, sandbox: RunningSandbox, hands: ThreadPoolExecutor, listing: Listing
) -> Future[License | str]:
    """A click whose call to Stripe does not come back until ``stripe.go_on()``."""
    stripe.fail_next("pause")
    click = hands.submit(get, app, cast.bob, listing)
    assert sandbox.parts.faults.paused.wait(SECONDS)
    return click


def test_a_second_click_during_a_slow_call_costs_no_attempt(
    app: Flask, cast: Cast, stripe: Stripe, running_sandbox: RunningSandbox, hands: ThreadPoolExecutor
) -> None:
    """Stripe says 409 to a key that is in use. A new key would make a second session for the same order."""
    listing = make_offer(cast.alice)
    first = click_that_hangs(app, cast, stripe, running_sandbox, hands, listing)

    with pytest.raises(gateway.PaymentsDown):
        get(app, cast.bob, listing)
    stripe.go_on()

    assert first.result(SECONDS) == get(app, cast.bob, listing)
    assert [order.attempt for order in orders()] == [1]


def test_a_session_that_came_too_late_for_its_order_is_closed(
    app: Flask, cast: Cast, stripe: Stripe, running_sandbox: RunningSandbox, hands: ThreadPoolExecutor
) -> None:
    """The price changed during the call to Stripe, and another click opened another order."""
    listing = make_offer(cast.alice)
    late = click_that_hangs(app, cast, stripe, running_sandbox, hands, listing)
    reprice(listing, 1500)
    url = get(app, cast.bob, listing, 1500)
    stripe.go_on()

    with pytest.raises(Conflict):
        late.result(SECONDS)
    assert [(order.status, order.session_url) for order in orders()] == [("expired", None), ("open", url)]
    (job,) = db.session.scalars(sa.select(AnnouncedJob))
    closed = job.arguments["session_id"]
    run_due_jobs()
    assert status_of(closed) == "expired"


def test_the_session_that_came_first_stays(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        order, _stale = services.open_order(listing, cast.bob)
    first, second = (
        CheckoutSession.from_dict({**session_body(order), "status": "open", "payment_status": "unpaid", "url": url})
        for url in ("https://pay.example/1", "https://pay.example/2")
    )

    for session in (first, first, second):
        with step():
            services.attach_session(order.id, session)

    assert [order.session_id for order in orders()] == [first.id]
    jobs = db.session.scalars(sa.select(AnnouncedJob))
    assert [(job.name, job.arguments) for job in jobs] == [("checkout.close_session", {"session_id": second.id})]


def test_an_old_page_is_closed_once_stripe_answers_again(app: Flask, cast: Cast, stripe: Stripe) -> None:
    """Else the old price could still be paid, and nobody would ask after an order that was given up."""
    listing = make_offer(cast.alice)
    get(app, cast.bob, listing)
    old = orders()[0].session_id
    reprice(listing, 1500)
    stripe.fail_next("down", times=3)
    with pytest.raises(gateway.PaymentsDown):
        get(app, cast.bob, listing, 1500)
    assert status_of(old) == "open"

    run_due_jobs()

    assert status_of(old) == "expired"


def test_an_old_page_that_was_paid_before_it_closed_is_fulfilled(app: Flask, cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    get(app, cast.bob, listing)
    reprice(listing, 1500)
    stripe.fail_next("down", times=3)
    with pytest.raises(gateway.PaymentsDown):
        get(app, cast.bob, listing, 1500)
    stripe.pay(orders()[0].session_id or "")

    run_due_jobs()

    assert [(order.status, order.amount) for order in orders()] == [("paid", 1200), ("open", None)]


def test_a_refund_whose_answer_was_a_failure_is_found_and_made_once(app: Flask, cast: Cast, stripe: Stripe) -> None:
    """Stripe gave the money back, answered 500, and answers 500 to the same key from then on."""
    listing = make_offer(cast.alice)
    get(app, cast.bob, listing)
    session = orders()[0].session_id or ""
    with step():  # meanwhile it became his for nothing
        free = db.session.get_one(Listing, listing.id)
        free.price, free.pricing = 0, "free"
        services.get_free(free, cast.bob)
    stripe.pay(session)
    settle_reads()
    with outside():
        paid = gateway.retrieve_checkout_session(session)
    with step():
        services.fulfil(paid)
    stripe.fail_next("error_after")
    run_due_jobs()
    assert [order.status for order in orders()] == ["unwanted"]

    clock.move(timedelta(hours=1))
    run_due_jobs()

    assert [order.status for order in orders()] == ["refunded"]
    assert [refund["amount"] for refund in stripe.refunds()] == [1200]
    assert orders()[0].refund == stripe.refunds()[0]["id"]


def test_a_second_payment_of_one_order_is_parked(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        order, _stale = services.open_order(listing, cast.bob)
    paid = [event_body("checkout.session.completed", session_body(order)) for _ in range(2)]

    states = [webhooks.handle(webhooks.keep(event)) for event in paid]

    assert states == ["handled", "parked"]
    reasons = db.session.scalars(sa.select(StripeEvent.reason).order_by(StripeEvent.id))
    assert "second payment" in list(reasons)[1]
