"""Alice pays for her plan with what she earned: once, however it fails on its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from storefront.accounts.models import Person
from storefront.kit.db import db, settle_reads
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.queries import Balance
from storefront.ledger.reconciling import reconcile
from storefront.payouts.runs import MoreThanPayable
from storefront.subscriptions import asking, crediting, queries, subscribing
from storefront.subscriptions.crediting import NothingToCredit
from storefront.subscriptions.models import PlanCredit, SubscriptionCheckout
from tests.at_once import all_at_once, twice_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import balance
from tests.payouts.acts import earn
from tests.stripe import Stripe
from tests.subscriptions.acts import (
    DAY,
    MoveClock,
    hear,
    invoices,
    now,
    read,
    subscribe,
    wait,
    wait_for_renewal,
)

pytestmark = pytest.mark.usefixtures("on_sale")


@pytest.fixture
def dana(cast: Cast, stripe: Stripe) -> Person:
    """She pays for Studio, and earned $50."""
    person = cast.person("Dana")
    subscribe(person, stripe, "studio")
    earn(person, 5000)
    return person


def credits() -> list[PlanCredit]:
    settle_reads()
    return db.session.query(PlanCredit).order_by(PlanCredit.id).populate_existing().all()


def test_what_she_takes_pays_the_next_invoices(
    cast: Cast, dana: Person, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    page = client.as_person(dana).get("/billing").text
    assert "$50.00 of your earnings could pay" in page

    assert client.post("/billing/credits", data={"amount": "25"}).status_code == 303

    assert balance(cast.workspace(dana)) == Balance("USD", payable=2500, spent=2500)
    [made] = credits()
    assert (made.state, made.amount) == ("given", 2500)
    wait_for_renewal(stripe, move_clock, now(dana))
    hear(stripe, client)
    assert [each.amount for each in invoices(dana)] == [0, 1900]


@pytest.mark.parametrize(("typed", "status"), [("0", 422), ("50.01", 422), ("a lot", 422), ("", 422)])
def test_no_more_than_there_is(dana: Person, client: Browser, typed: str, status: int) -> None:
    answer = client.as_person(dana).post("/billing/credits", data={"amount": typed})

    assert answer.status_code == status
    assert credits() == []


@pytest.mark.parametrize("engine", ["postgresql"])
def test_two_clicks_at_once_take_no_more_than_there_is(app: Flask, cast: Cast, dana: Person) -> None:
    def take() -> str:
        try:
            return crediting.credit(db.session.get_one(Person, dana.id), 3000).state
        except (MoreThanPayable, NothingToCredit) as refused:
            return type(refused).__name__

    assert sorted(twice_at_once(app, take)) == ["MoreThanPayable", "given"]
    assert balance(cast.workspace(dana)) == Balance("USD", payable=2000, spent=3000)


def test_stripe_is_away_and_it_is_given_later_once(
    cast: Cast, dana: Person, stripe: Stripe, move_clock: MoveClock
) -> None:
    stripe.fail_next("error_after", method="POST", times=3)
    waiting = crediting.credit(dana, 1000)
    assert (waiting.state, balance(cast.workspace(dana))) == ("asked", Balance("USD", payable=4000, spent=1000))
    stripe.go_on()
    wait(stripe, move_clock, 2 * DAY)  # Stripe has forgotten the key, and the job has given up

    asking.sweep()
    run_due_jobs()

    assert [each.state for each in credits()] == ["given"]
    customer = read(stripe, f"customers/{waiting.stripe_customer}")
    assert customer["balance"] == -1000


def test_what_stripe_refuses_is_payable_again(cast: Cast, dana: Person, stripe: Stripe) -> None:
    customer = queries.customer_of(dana)
    assert customer
    stripe.deed(f"customers/{customer.stripe_customer}/delete")

    assert crediting.credit(dana, 1000).state == "refused"

    assert balance(cast.workspace(dana)) == Balance("USD", payable=5000)


def test_who_has_no_plan_has_nothing_to_pay(cast: Cast, client: Browser) -> None:
    assert client.as_person(cast.bob).post("/billing/credits", data={"amount": "5"}).status_code == 409


def test_four_tabs_at_once_open_one_page(app: Flask, cast: Cast) -> None:
    bob = cast.bob.id

    def click() -> str:
        try:
            return subscribing.subscribe(db.session.get_one(Person, bob), "pro", "month").url
        except Exception as refused:
            return type(refused).__name__

    addresses = {address for address in all_at_once(app, [click] * 4) if address.startswith("http")}

    assert len(addresses) == 1
    assert db.session.query(SubscriptionCheckout).filter_by(state="open").count() == 1


def test_four_workers_at_once_write_it_once(app: Flask, cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    subscription = subscribe(cast.bob, stripe).stripe_id
    wait(stripe, move_clock, timedelta(days=32))

    def look() -> str:
        return asking.look(subscription).status

    assert set(all_at_once(app, [look] * 4)) == {"active"}
    assert [each.amount for each in invoices(cast.bob)] == [900, 900]
    assert reconcile().findings == []
