"""Where the money of a sale goes: held by the shop, or at once to its creator's account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.checkout import getting, jobs
from storefront.checkout.models import Order
from storefront.checkout.services import get_free
from storefront.kit.db import db, step
from storefront.payouts.queries import HELD, settlement_of
from tests.browser import Browser
from tests.cast import Cast
from tests.stripe import Stripe
from tests.worlds import make_offer


@pytest.fixture
def at_once(app: Flask) -> Iterator[None]:
    """A shop that passes money on at once, and lets creators choose."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, settlement="destination", settlement_choice=True)
    yield
    app.extensions["settings"] = before


def connected(client: Browser, cast: Cast, stripe: Stripe) -> str:
    """Alice's account at Stripe, ready."""
    alice = client.as_person(cast.alice)
    alice.post("/payouts/alice/account", data={"country": "US"})
    made: str = stripe.accounts()[0]["account"]["id"]
    stripe.onboard(made)
    alice.get("/payouts/alice/return")
    return made


def bought(cast: Cast, stripe: Stripe, **offer: Any) -> Order:
    """Bob's paid order of a work of alice."""
    listing = make_offer(cast.alice, **offer)
    getting.get(listing.slug, cast.bob, price=listing.price, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    stripe.pay(order.session_id or "")
    getting.confirm(order.session_id or "", cast.bob)
    return db.session.scalars(sa.select(Order), execution_options={"populate_existing": True}).one()


@pytest.mark.usefixtures("at_once")
def test_the_share_goes_on_at_once_and_the_fee_stays(client: Browser, cast: Cast, stripe: Stripe) -> None:
    made = connected(client, cast, stripe)

    order = bought(cast, stripe)

    assert (order.settlement, order.destination, order.fee, order.share) == ("destination", made, 180, 1020)
    charge = stripe.payments()[0]["charge"]
    assert charge["application_fee_amount"] == 180
    assert charge["transfer_data"]["destination"] == made
    assert stripe.accounts()[0]["has"] == {"usd": 1020}


@pytest.mark.usefixtures("at_once")
def test_a_fee_of_nothing_is_left_out(app: Flask, client: Browser, cast: Cast, stripe: Stripe) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], platform_fee_bps=0)
    connected(client, cast, stripe)

    order = bought(cast, stripe)

    assert (order.fee, order.takes_back) == (0, ("reverse_transfer",))
    assert stripe.payments()[0]["charge"]["application_fee_amount"] is None
    assert stripe.accounts()[0]["has"] == {"usd": 1200}


@pytest.mark.usefixtures("at_once")
def test_who_can_not_take_payments_has_it_held(cast: Cast, stripe: Stripe) -> None:
    order = bought(cast, stripe)
    assert (order.settlement, order.destination) == ("held", None)


@pytest.mark.usefixtures("at_once")
def test_alice_chooses_and_an_open_order_gives_way(client: Browser, cast: Cast, stripe: Stripe) -> None:
    connected(client, cast, stripe)
    listing = make_offer(cast.alice)
    first = getting.get(listing.slug, cast.bob, price=1200, currency="USD")

    assert (
        client.as_person(cast.alice).post("/payouts/alice/settlement", data={"settlement": "held"}).status_code == 303
    )
    second = getting.get(listing.slug, cast.bob, price=1200, currency="USD")

    assert first != second
    orders = db.session.scalars(sa.select(Order).order_by(Order.id)).all()
    assert [(order.status, order.settlement) for order in orders] == [("expired", "destination"), ("open", "held")]


def test_where_the_shop_decides_nobody_chooses(client: Browser, cast: Cast, stripe: Stripe) -> None:
    connected(client, cast, stripe)
    answer = client.as_person(cast.alice).post("/payouts/alice/settlement", data={"settlement": "destination"})
    assert answer.status_code == 403
    assert settlement_of(personal_workspace(cast.alice).id) == HELD


@pytest.mark.usefixtures("at_once")
def test_before_stripe_lets_it_it_can_not_be_chosen(client: Browser, cast: Cast, stripe: Stripe) -> None:
    alice = client.as_person(cast.alice)
    alice.post("/payouts/alice/account", data={"country": "US"})
    assert stripe.accounts()
    assert alice.post("/payouts/alice/settlement", data={"settlement": "destination"}).status_code == 409
    assert "Once Stripe lets your account take payments" in alice.get("/payouts/alice").text


@pytest.mark.usefixtures("at_once")
def test_an_unwanted_payment_takes_the_transfer_and_the_fee_back(client: Browser, cast: Cast, stripe: Stripe) -> None:
    connected(client, cast, stripe)
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.scalars(sa.select(Order)).one()
    stripe.pay(order.session_id or "")
    with step():  # meanwhile it became his for nothing
        free = db.session.get_one(Listing, listing.id)
        free.price, free.pricing = 0, "free"
        get_free(free, cast.bob)
    getting.confirm(order.session_id or "", cast.bob)
    jobs.refund_unwanted(order.id)

    assert stripe.accounts()[0]["has"] == {"usd": 0}
    assert stripe.accounts()[0]["transfers"][0]["reversed"]
