"""A payment is fulfilled once, however often and wherever it is heard of."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from storefront.checkout import services
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.payments import webhooks
from storefront.payments.models import StripeEvent
from tests.cast import Cast
from tests.checkout.stripe_words import event_body, session_body
from tests.worlds import make_offer


def open_order(cast: Cast) -> Order:
    listing = make_offer(cast.alice)
    with step():
        order, _stale = services.open_order(listing, cast.bob)
    return order


def test_bob_pays_and_holds_a_license_and_the_first_clone(app: Flask, cast: Cast) -> None:
    order = open_order(cast)

    event_id = webhooks.keep(event_body("checkout.session.completed", session_body(order)))
    assert webhooks.handle(event_id) == "handled"

    license = db.session.scalars(sa.select(License)).one()
    assert (license.person_id, license.amount, license.fee, license.share) == (cast.bob.id, 1200, 180, 1020)
    clone = db.session.scalars(sa.select(Clone)).one()
    assert clone.license_id == license.id
    assert clone.is_first
    assert db.session.get_one(Order, order.id, populate_existing=True).status == "paid"


def test_the_same_event_again_changes_nothing(app: Flask, cast: Cast) -> None:
    body = event_body("checkout.session.completed", session_body(open_order(cast)))

    states = [webhooks.handle(webhooks.keep(body)) for _ in range(3)]

    assert states == ["handled"] * 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(License)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StripeEvent)) == 1


def test_a_second_event_about_the_same_session_changes_nothing(app: Flask, cast: Cast) -> None:
    session = session_body(open_order(cast))
    for kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        webhooks.handle(webhooks.keep(event_body(kind, session)))

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Clone)) == 1
