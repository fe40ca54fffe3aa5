"""bob sees where each of his payments went; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storefront.copies import pool
from storefront.copies.models import PoolInvoice
from storefront.copies.months import end_of
from storefront.copies.payments import Payment, parts_of, payment_for
from storefront.kit.db import db, step
from storefront.kit.money import Money
from storefront.subscriptions.models import SubscriptionInvoice
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, give_back, pay, set_clock, subscribe
from tests.worlds import make_offer


def copied_by_bob(cast: Cast, client: Browser) -> SubscriptionInvoice:
    """bob paid 10.00 and 0.80 of tax, and copied two works of alice's and one of dora's."""
    set_clock(LAW)
    dora = cast.person("Dora", plan="studio")
    makers = {"Morning": cast.alice, "Noon": cast.alice, "Night": dora}
    offers = [make_offer(by, title, all_access=True) for title, by in makers.items()]
    invoice = pay(subscribe(cast.bob), amount=1080, tax=80)
    bob = client.as_person(cast.bob)
    for offer in offers:
        assert bob.post(f"/listings/{offer.slug}/copies").status_code == 303
    return invoice


def adds_up(payment: Payment) -> bool:
    assert sum(part.amount.amount for part in parts_of(payment)) == payment.creators.amount
    return payment.creators + payment.shop + payment.tax + payment.back == payment.paid


def test_a_statement_says_where_every_cent_went(client: Browser, cast: Cast) -> None:
    invoice = copied_by_bob(cast, client)
    payment = payment_for(cast.bob, invoice.stripe_id)
    assert [(part.name, part.copies, str(part.amount)) for part in parts_of(payment)] == [
        ("Alice", 2, "$0.14"), ("Dora", 1, "$0.07"),
    ]  # fmt: skip
    assert (payment.shop, payment.tax, payment.settled_in) == (Money(979, "USD"), Money(80, "USD"), None)
    assert adds_up(payment)

    set_clock(end_of("2027-04") + pool.SETTLING)
    pool.close_due()

    settled = payment_for(cast.bob, invoice.stripe_id)
    assert (settled.settled_in, settled.creators, settled.shop) == ("2027-04", payment.creators, payment.shop)
    kept = db.session.get_one(PoolInvoice, invoice.id).kept
    assert kept == settled.shop.amount

    give_back(invoice, 1070)  # nearly all of it: creators keep 10 cents of 21 together, the shop nothing
    returned = payment_for(cast.bob, invoice.stripe_id)
    assert adds_up(returned)
    assert returned.shop.amount == 0
    assert returned.creators == db.session.get_one(SubscriptionInvoice, invoice.id).net


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_bob_finds_it_beside_his_copies_and_as_a_file(client: Browser, cast: Cast) -> None:
    invoice = copied_by_bob(cast, client)
    bob = client.as_person(cast.bob)
    page = f"/copies/payments/{invoice.stripe_id}"

    assert page in bob.get("/copies").text
    assert page in bob.get("/copies/payments").text
    shown = bob.get(page).text
    assert all(words in shown for words in ("Where your $10.80 goes", "Alice", "$0.14", "Dora", "$9.79", "$0.80"))
    assert bob.get(f"{page}.csv").text.splitlines() == [
        "To,Handle,Copies,Amount,Currency", "Alice,alice,2,0.14,USD", "Dora,dora,1,0.07,USD", "The shop,,,9.79,USD",
        "Tax,,,0.80,USD", "Back to you,,,0.00,USD",
    ]  # fmt: skip

    mallory = client.as_person(cast.mallory)
    assert "$10.80" not in mallory.get("/copies").text
    assert [mallory.get(path).status_code for path in (page, f"{page}.csv")] == [404, 404]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_librarys_tab_says_what_to_do_next(client: Browser, cast: Cast) -> None:
    bob = client.as_person(cast.bob)
    assert "/copies" in bob.get("/library").text
    nothing = bob.get("/copies").text
    assert "/pricing#all-access" in nothing
    assert "this month" not in nothing

    set_clock(LAW)
    subscription = subscribe(cast.bob)
    pay(subscription)
    assert "/catalog?price=all_access" in bob.get("/copies").text

    make_offer(cast.alice, all_access=True)
    bob.post("/listings/field-notes/copies")
    page = bob.get("/copies").text
    assert "1 of 100 copies this month" in page
    assert "Field Notes" in page
    with step():
        subscription.status, subscription.ended_at = "canceled", LAW + timedelta(days=1)
    assert "What you copied stays yours." in bob.get("/copies").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_full_shelf_takes_as_many_statements_as_one_copy(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    set_clock(LAW)
    subscription = subscribe(cast.bob)
    bob = client.as_person(cast.bob)
    counted = []
    for number in (1, 5):
        pay(subscription, LAW - timedelta(days=30 * (5 - number)))
        for each in range(number):
            bob.post(f"/listings/{make_offer(cast.alice, f'Notes {number}.{each}', all_access=True).slug}/copies")
        with count_statements() as statements:
            assert bob.get("/copies").status_code == 200
        counted.append(len(statements))

    assert counted[0] == counted[1]
