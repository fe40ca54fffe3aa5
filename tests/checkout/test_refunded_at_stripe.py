"""An operator gives the money back at Stripe: the shop follows what it is told."""

from __future__ import annotations

import sqlalchemy as sa

from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.kit.db import db
from storefront.library.models import Clone
from storefront.licenses.models import License
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import event_body
from tests.stripe import Stripe
from tests.worlds import make_offer


def bought(cast: Cast, stripe: Stripe, client: Browser) -> Order:
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    stripe.pay(order.session_id or "")
    stripe.deliver(client)
    return again(order)


def again(order: Order) -> Order:
    return db.session.get_one(Order, order.id, populate_existing=True)


def refund(client: Browser, order: Order, *, whole: bool = True) -> object:
    charge = {"id": "ch_1", "object": "charge", "payment_intent": order.payment_intent, "refunded": whole}
    return Stripe.send(client, event_body("charge.refunded", charge)).json


def test_a_full_refund_ends_the_license_and_freezes_the_clone(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)

    assert refund(client, order) == {"state": "handled"}
    assert refund(client, order) == {"state": "handled"}

    license = db.session.scalars(sa.select(License).execution_options(populate_existing=True)).one()
    clone = db.session.scalars(sa.select(Clone).execution_options(populate_existing=True)).one()
    assert (again(order).status, license.status) == ("refunded", "refunded")
    assert clone.frozen_at is not None


def test_nobody_is_told_any_more_that_it_is_his(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)
    refund(client, order)

    answer = client.as_person(cast.bob).get(f"/checkout/success?session_id={order.session_id}")
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert page.status_code == 200
    assert "Refunded" in page.text


def test_the_work_can_be_got_again_afterwards(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)
    refund(client, order)

    address = getting.get("field-notes", cast.bob, price=1200, currency="USD")

    assert str(address).startswith(stripe.url)


def test_a_part_of_the_price_changes_nothing(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)
    refund(client, order, whole=False)

    assert again(order).status == "paid"


def test_what_the_sandbox_tells_of_its_own_refund_fits(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = bought(cast, stripe, client)
    stripe.refund(str(order.payment_intent))

    assert "handled" in stripe.deliver(client, "charge.refunded")
    assert again(order).status == "refunded"


def test_a_refund_of_an_unknown_payment_is_parked(cast: Cast, client: Browser) -> None:
    charge = {"id": "ch_2", "object": "charge", "payment_intent": "pi_of_another_shop", "refunded": True}

    assert Stripe.send(client, event_body("charge.refunded", charge)).json == {"state": "parked"}
