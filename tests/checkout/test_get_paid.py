"""Bob gets a paid work: order, session, payment, license; and what happens when something goes wrong between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.catalog import services as catalog
from storefront.catalog.models import Listing
from storefront.checkout import getting, jobs, services
from storefront.checkout.models import Order
from storefront.kit.db import db, outside, settle_reads, step
from storefront.kit.errors import NotFound
from storefront.kit.jobs import run_due_jobs
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.payments import gateway
from tests.browser import Browser
from tests.cast import Cast
from tests.stripe import ASKS, DECLINED, Stripe
from tests.worlds import make_offer


def orders() -> list[Order]:
    query = sa.select(Order).order_by(Order.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def licenses() -> list[License]:
    return list(db.session.scalars(sa.select(License).execution_options(populate_existing=True)))


def get(cast: Cast, listing: Listing, **seen: object) -> License | str:
    asked = {"price": listing.price, "currency": listing.currency, **seen}
    return getting.get(listing.slug, cast.bob, **asked)  # type: ignore[arg-type]


def session_of(order: Order) -> str:
    assert order.session_id is not None
    return order.session_id


def test_bob_is_sent_to_pay_exactly_what_the_listing_asks(cast: Cast, stripe: Stripe) -> None:
    url = get(cast, make_offer(cast.alice, price=2900))

    (order,) = orders()
    assert url == order.session_url
    with outside():
        session = gateway.retrieve_checkout_session(session_of(order))
    assert (session.amount_total, session.currency, session.metadata["order"]) == (
        2900,
        "USD",
        order.public_id,
    )


def test_a_paid_session_makes_the_work_his(cast: Cast, stripe: Stripe, client: Browser) -> None:
    get(cast, make_offer(cast.alice))
    (order,) = orders()
    stripe.pay(session_of(order))

    assert "handled" in stripe.deliver(client, "checkout.session.completed")

    (license,) = licenses()
    assert (license.person_id, license.amount, license.fee, license.share) == (cast.bob.id, 1200, 180, 1020)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Clone)) == 1


def test_what_the_ledger_will_need_is_on_the_order(cast: Cast, stripe: Stripe, client: Browser) -> None:
    get(cast, make_offer(cast.alice))
    stripe.pay(session_of(orders()[0]))
    stripe.deliver(client)
    run_due_jobs()

    (order,) = orders()
    assert (order.amount, order.subtotal, order.tax, order.currency) == (1200, 1200, 0, "USD")
    assert (order.fee, order.share, order.stripe_fee) == (180, 1020, 65)  # 2.9% of 12.00 and 0.30
    assert str(order.charge).startswith("ch_")
    assert str(order.payment_intent).startswith("pi_")
    assert order.card == "card ending 4242"


def test_a_second_click_leads_to_the_same_session(cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)

    assert get(cast, listing) == get(cast, listing)

    assert len(orders()) == 1


def test_a_declined_card_leaves_the_session_open_for_another(cast: Cast, stripe: Stripe, client: Browser) -> None:
    get(cast, make_offer(cast.alice))
    (order,) = orders()
    stripe.pay(session_of(order), DECLINED)
    stripe.deliver(client)
    assert licenses() == []

    stripe.pay(session_of(order))
    stripe.deliver(client)

    assert len(licenses()) == 1


@pytest.mark.parametrize(("answer", "held"), [(True, 1), (False, 0)])
def test_three_d_secure_both_ways(cast: Cast, stripe: Stripe, client: Browser, answer: bool, held: int) -> None:
    get(cast, make_offer(cast.alice))
    stripe.pay(session_of(orders()[0]), ASKS, confirms=answer)
    stripe.deliver(client)

    assert len(licenses()) == held


def test_an_expired_session_frees_the_order(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    first = get(cast, listing)
    stripe.expire(session_of(orders()[0]))
    stripe.deliver(client)
    assert [order.status for order in orders()] == ["expired"]

    second = get(cast, listing)

    assert second != first
    assert [order.status for order in orders()] == ["expired", "open"]


def test_a_new_price_closes_the_old_session(cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    get(cast, listing)
    with step():
        db.session.get_one(Listing, listing.id).price = 1500

    with pytest.raises(services.PriceChanged):
        get(cast, listing, price=1200)
    get(cast, listing, price=1500)

    old, new = orders()
    assert (old.status, new.status, new.price) == ("expired", "open", 1500)
    with outside():
        assert gateway.retrieve_checkout_session(session_of(old)).status == "expired"


def test_paid_at_the_old_price_while_it_changed_is_honored(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    get(cast, listing)
    stripe.pay(session_of(orders()[0]))
    with step():
        db.session.get_one(Listing, listing.id).price = 1500

    with pytest.raises(services.AlreadyYours):
        get(cast, listing, price=1500)

    (license,) = licenses()
    assert license.amount == 1200


def test_an_unwanted_second_payment_goes_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    get(cast, listing)
    (order,) = orders()
    with step():  # meanwhile it became his for nothing
        listing = db.session.get_one(Listing, listing.id)
        listing.price, listing.pricing = 0, "free"
        services.get_free(listing, cast.bob)
    stripe.pay(session_of(order))
    stripe.deliver(client)
    run_due_jobs()
    jobs.refund_unwanted(order.id)  # a second worker finds it done

    assert [order.status for order in orders()] == ["refunded"]
    assert [refund["amount"] for refund in stripe.refunds()] == [1200]
    assert len(licenses()) == 1


@pytest.mark.parametrize(("kind", "times"), [("down", 3), ("error", 3), ("rate_limit", 1)])
def test_stripe_out_of_order_keeps_the_order_and_charges_nothing(
    cast: Cast, stripe: Stripe, kind: str, times: int
) -> None:
    listing = make_offer(cast.alice)
    stripe.fail_next(kind, times=times)  # the library itself asks three times where that is safe

    with pytest.raises(gateway.PaymentsDown):
        get(cast, listing)
    assert [(order.status, order.session_id) for order in orders()] == [("open", None)]
    settle_reads()

    assert get(cast, listing) == orders()[0].session_url
    assert len(orders()) == 1


def test_coming_back_late_after_stripe_was_down_still_works(
    cast: Cast, stripe: Stripe, move_clock: Callable[[timedelta], None]
) -> None:
    """Stripe makes no session that ends within half an hour, so the order's end is put off."""
    listing = make_offer(cast.alice)
    stripe.fail_next("down", times=3)
    with pytest.raises(gateway.PaymentsDown):
        get(cast, listing)
    move_clock(timedelta(minutes=45))
    settle_reads()

    assert get(cast, listing) == orders()[0].session_url
    assert [order.attempt for order in orders()] == [2]


def test_a_lost_answer_is_found_again(cast: Cast, stripe: Stripe) -> None:
    """Stripe made the session but the answer never came: the retry with the same key finds it."""
    listing = make_offer(cast.alice)
    stripe.fail_next("lost")

    get(cast, listing)

    made = [event for event in stripe.events() if event["type"] == "checkout.session.completed"]
    assert made == []
    assert len(orders()) == 1


def test_without_any_webhook_the_sweep_finds_the_payment(
    cast: Cast, stripe: Stripe, move_clock: Callable[[timedelta], None]
) -> None:
    get(cast, make_offer(cast.alice))
    stripe.pay(session_of(orders()[0]))
    jobs.sweep()
    assert licenses() == []

    move_clock(timedelta(minutes=6))
    settle_reads()
    jobs.sweep()

    assert len(licenses()) == 1


def test_unpublished_meanwhile_is_still_fulfilled(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    get(cast, listing)
    stripe.pay(session_of(orders()[0]))
    with step():
        catalog.unpublish(db.session.get_one(Listing, listing.id), by=cast.alice)
    stripe.deliver(client)

    assert len(licenses()) == 1


def test_a_draft_or_suspended_listing_is_not_found(app: Flask, cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    with step():
        catalog.suspend(db.session.get_one(Listing, listing.id), "Copied from elsewhere.")

    with pytest.raises(NotFound):
        get(cast, listing)


def test_alice_does_not_buy_her_own_work(cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)

    with pytest.raises(services.OwnListing):
        getting.get(listing.slug, cast.alice, price=1200, currency="USD")


def test_what_is_his_is_not_sold_again(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    get(cast, listing)
    stripe.pay(session_of(orders()[0]))
    stripe.deliver(client)

    with pytest.raises(services.AlreadyYours):
        get(cast, listing)


def test_tax_is_worked_out_by_stripe_where_the_shop_says_so(app: Flask, cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    app.extensions["settings"] = replace(app.extensions["settings"], automatic_tax=True)
    get(cast, listing)
    app.extensions["settings"] = replace(app.extensions["settings"], automatic_tax=False)
    get(cast, make_offer(cast.alice, "Another"))

    asked = [stripe.session(order.session_id or "")["automatic_tax"]["enabled"] for order in orders()]
    assert asked == [True, False]
