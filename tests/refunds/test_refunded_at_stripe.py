"""An operator gives the money back in Stripe's own dashboard: the shop follows what it is told."""

from __future__ import annotations

from storefront.checkout import getting
from storefront.kit.db import db
from storefront.kit.jobs import run_due_jobs
from storefront.payments.models import StripeEvent
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import event_body
from tests.refunds.acts import again, buy, is_frozen, order_of, refunds
from tests.stripe import Stripe
from tests.worlds import make_offer


def test_a_full_refund_ends_the_license_and_freezes_the_clone(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent))

    stripe.deliver(client)
    stripe.delivered.clear()
    stripe.deliver(client)

    assert (order_of(license).status, again(license).status, is_frozen(license)) == ("refunded", "refunded", True)
    assert [(refund.origin, refund.state, refund.amount) for refund in refunds()] == [("stripe", "succeeded", 1200)]


def test_the_charge_alone_is_news_enough(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent))

    assert stripe.deliver(client, "charge.refunded") == ["handled"]
    run_due_jobs()

    assert (order_of(license).status, len(refunds())) == ("refunded", 1)


def test_nobody_is_told_any_more_that_it_is_his(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = order_of(buy(cast.bob, make_offer(cast.alice), stripe, client))
    stripe.refund(str(order.payment_intent))
    stripe.deliver(client)

    answer = client.as_person(cast.bob).get(f"/checkout/success?session_id={order.session_id}")
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert page.status_code == 200
    assert "Refunded" in page.text


def test_the_work_can_be_got_again_afterwards(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = order_of(buy(cast.bob, make_offer(cast.alice), stripe, client))
    stripe.refund(str(order.payment_intent))
    stripe.deliver(client)

    address = getting.get("field-notes", cast.bob, price=1200, currency="USD")

    assert str(address).startswith(stripe.url)


def test_a_part_of_the_price_leaves_the_license(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent), amount=500)

    stripe.deliver(client)

    (refund,) = refunds()
    assert (refund.amount, refund.fee, refund.share) == (500, 75, 425)
    assert (order_of(license).status, order_of(license).returned, again(license).status) == ("paid", 500, "completed")


def test_a_request_that_waits_has_got_its_answer(cast: Cast, stripe: Stripe, client: Browser) -> None:
    bought = [buy(cast.bob, make_offer(cast.alice, f"Notes {n}"), stripe, client) for n in range(4)]
    for license in bought:
        client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": "Too short."})
    assert refunds()[-1].state == "waiting"
    stripe.refund(str(order_of(bought[3]).payment_intent))

    stripe.deliver(client)

    assert [(refund.origin, refund.state) for refund in refunds()] == [("buyer", "succeeded")] * 4


def test_more_than_was_paid_is_parked(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = order_of(buy(cast.bob, make_offer(cast.alice), stripe, client))
    told = {
        "id": "re_1", "object": "refund", "status": "succeeded", "amount": 1201, "payment_intent": order.payment_intent
    }  # fmt: skip

    assert Stripe.send(client, event_body("refund.created", told)).json == {"state": "parked"}
    assert db.session.query(StripeEvent).filter_by(state="parked").one().reason.startswith("It gives back more")


def test_a_refund_of_an_unknown_payment_is_parked(cast: Cast, client: Browser) -> None:
    charge = {"id": "ch_2", "object": "charge", "payment_intent": "pi_of_another_shop", "refunded": True}

    assert Stripe.send(client, event_body("charge.refunded", charge)).json == {"state": "parked"}
