"""A receipt to print: who sold what to whom, for how much, and what went back."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from storefront.checkout.services import fulfil, open_order
from storefront.kit.db import step
from storefront.payments.gateway import CheckoutSession
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import session_body
from tests.library.holding import hold
from tests.refunds.acts import buy, order_of
from tests.stripe import Stripe
from tests.worlds import make_offer


def test_it_names_both_sides_the_work_and_the_sum(app: Flask, client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, seller="Shop Ltd | 1 Quay, Bristol | GB123")
    try:
        page = client.as_person(cast.bob).get(f"/library/receipts/{order_of(license).public_id}").text
    finally:
        app.extensions["settings"] = before

    for part in ("Shop Ltd", "1 Quay, Bristol", "GB123", "bob@example.com", license.number, "Field Notes", "$12.00"):
        assert part in page
    assert "No tax was charged." in page


def test_tax_stands_on_a_line_of_its_own(client: Browser, cast: Cast) -> None:
    with step():
        order, _stale = open_order(make_offer(cast.alice), cast.bob)
        tax = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 228}
        fulfil(CheckoutSession.from_dict(session_body(order, amount_total=1428, total_details=tax)))

    page = client.as_person(cast.bob).get(f"/library/receipts/{order.public_id}").text

    assert all(amount in page for amount in ("$12.00", "$2.28", "$14.28"))


def test_what_went_back_is_on_it(client: Browser, cast: Cast, stripe: Stripe) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": ""})

    page = client.get(f"/library/receipts/{order_of(license).public_id}").text

    assert "Given back" in page
    assert "−$12.00" in page
    assert "$0.00" in page


def test_the_purchases_lead_to_it(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    address = f"/library/receipts/{order_of(license).public_id}"

    assert address in client.as_person(cast.bob).get("/library/purchases").text
    assert address in client.get(f"/library/{license.public_id}").text


def test_nobody_else_sees_it(client: Browser, cast: Cast) -> None:
    address = f"/library/receipts/{order_of(hold(cast.bob, make_offer(cast.alice))).public_id}"

    for person in (cast.alice, cast.mallory):
        assert client.as_person(person).get(address).status_code == 404


def test_what_is_not_paid_has_none(client: Browser, cast: Cast) -> None:
    with step():
        order, _stale = open_order(make_offer(cast.alice), cast.bob)

    assert client.as_person(cast.bob).get(f"/library/receipts/{order.public_id}").status_code == 404
