"""Bob subscribes: to a plan, to All-Access, once, whatever he clicks and whatever Stripe's news does on its way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from storefront.kit.db import db, settle_reads
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.reconciling import reconcile
from storefront.payments.gateway import PaymentsDown
from storefront.subscriptions import asking, queries, subscribing
from storefront.subscriptions.models import Subscription, SubscriptionCheckout
from storefront.subscriptions.subscribing import AlreadySubscribed, NotOnSale
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import standing
from tests.letterbox import last_letter, letters_to
from tests.stripe import DECLINED, Stripe
from tests.subscriptions.acts import (
    DAY,
    MoveClock,
    ask,
    begin,
    hear,
    invoices,
    now,
    plan_of,
    read,
    subscribe,
    wait,
)

pytestmark = pytest.mark.usefixtures("on_sale")


def test_bob_has_pro_when_he_comes_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    session = begin(cast.bob)
    assert plan_of(cast.bob) == "free"
    stripe.pay(session)

    answer = client.as_person(cast.bob).get(f"/billing/success?session_id={session}")

    assert answer.status_code == 303
    page = client.get("/billing").text
    assert "Pro is yours." in page
    assert plan_of(cast.bob) == "pro"
    subscription = now(cast.bob)
    assert (subscription.status, subscription.product, subscription.amount) == ("active", "pro", 900)
    [invoice] = invoices(cast.bob)
    assert (invoice.status, invoice.amount, invoice.period_end) == ("paid", 900, subscription.period_end)
    assert invoice.stripe_fee
    assert (standing("platform_revenue"), standing("stripe_fees")) == (900, invoice.stripe_fee)
    subjects = [letter.subject for letter in letters_to("bob@example.com")]
    assert {"Pro is yours", "Receipt for Pro"} <= set(subjects)
    assert reconcile().findings == []


def test_all_access_goes_into_the_pool(cast: Cast, stripe: Stripe) -> None:
    subscribe(cast.bob, stripe, "all_access")

    assert (standing("pool"), standing("platform_revenue")) == (1000, 0)
    assert plan_of(cast.bob) == "free"
    assert reconcile().findings == []


def test_the_news_alone_is_enough_and_twice_is_once(cast: Cast, stripe: Stripe, client: Browser) -> None:
    stripe.pay(begin(cast.bob))

    states = hear(stripe, client)
    stripe.delivered.clear()
    again = hear(stripe, client)

    assert plan_of(cast.bob) == "pro"
    assert set(states) <= {"handled", "ignored"}
    assert set(again) <= {"handled", "ignored"}
    assert standing("platform_revenue") == 900
    assert len(invoices(cast.bob)) == 1


def test_without_news_the_sweep_finds_it(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    stripe.pay(begin(cast.bob))
    wait(stripe, move_clock, queries.PATIENCE * 2)

    tallies = {tally.kind: tally.found for tally in asking.sweep()}

    assert plan_of(cast.bob) == "pro"
    assert tallies["pages to subscribe on, open too long"] == 1


def test_two_clicks_lead_to_one_page_and_another_plan_closes_it(cast: Cast, stripe: Stripe) -> None:
    first, again = subscribing.subscribe(cast.bob, "pro", "month"), subscribing.subscribe(cast.bob, "pro", "month")
    pro = begin(cast.bob)
    studio = begin(cast.bob, "studio", "year")

    assert first == again
    assert (stripe.session(pro)["status"], stripe.session(studio)["amount_total"]) == ("expired", 19000)


def test_who_has_a_plan_changes_it_instead(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscribe(cast.bob, stripe)

    with pytest.raises(AlreadySubscribed):
        subscribing.subscribe(cast.bob, "studio", "month")
    answer = client.as_person(cast.bob).get("/subscriptions/new?product=studio&interval=month")
    assert answer.location.endswith(f"/billing/{now(cast.bob).public_id}/change?product=studio&interval=month")


def test_a_page_paid_at_the_last_moment_counts(cast: Cast, stripe: Stripe) -> None:
    """He pays in one tab and chooses another plan in the other."""
    stripe.pay(begin(cast.bob))

    with pytest.raises(AlreadySubscribed):
        subscribing.subscribe(cast.bob, "studio", "month")

    assert plan_of(cast.bob) == "pro"


@pytest.mark.parametrize("trouble", ["", "POST", "DELETE"])
def test_a_second_subscription_ends_and_its_money_goes_back(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock, trouble: str
) -> None:
    """Both pages were open, and both were paid; Stripe may be away half way."""
    first = begin(cast.bob)
    db.session.query(SubscriptionCheckout).update({"state": "expired"})  # as if Stripe had not closed it in time
    db.session.commit()
    second = begin(cast.bob, "studio")
    stripe.pay(first)
    stripe.pay(second)
    if trouble:
        stripe.fail_next("down", method=trouble, times=9)
        hear(stripe, client)
        stripe.go_on()
        wait(stripe, move_clock, DAY)

    hear(stripe, client)

    settle_reads()
    both = db.session.query(Subscription).order_by(Subscription.id).populate_existing().all()
    assert sorted(each.status for each in both) == ["active", "canceled"]
    lost = next(each for each in both if each.status == "canceled")
    [invoice] = [each for each in invoices(cast.bob) if each.subscription_id == lost.id]
    assert (invoice.status, invoice.returned) == ("refunded", invoice.amount)
    assert read(stripe, f"subscriptions/{lost.stripe_id}")["status"] == "canceled"
    assert reconcile().findings == []


def test_a_declined_card_begins_nothing(cast: Cast, stripe: Stripe) -> None:
    session = begin(cast.bob)

    assert stripe.pay(session, DECLINED)["state"] == "declined"
    assert asking.confirm(session, cast.bob).state == "open"
    assert plan_of(cast.bob) == "free"


@pytest.mark.parametrize("kind", ["error_after", "down"])
def test_stripe_fails_and_the_next_click_works(cast: Cast, stripe: Stripe, kind: str) -> None:
    begin(cast.mallory)  # so that prices were read before
    stripe.fail_next(kind, method="POST", times=3)
    with pytest.raises(PaymentsDown):
        subscribing.subscribe(cast.bob, "pro", "month")
    stripe.go_on()

    subscribe(cast.bob, stripe)

    assert plan_of(cast.bob) == "pro"
    assert len(read(stripe, "customers", email="bob@example.com")["data"]) == 1


def test_a_price_that_stripe_asks_otherwise_is_not_sold(cast: Cast, stripe: Stripe) -> None:
    """Somebody changed it in Stripe's dashboard; the page still says the old one."""
    ask(
        stripe, "prices", product="storefront_pro", unit_amount=1900, currency="usd", lookup_key="storefront_pro_month",
        transfer_lookup_key="true", **{"recurring[interval]": "month"},
    )  # fmt: skip

    with pytest.raises(NotOnSale):
        subscribing.subscribe(cast.bob, "pro", "month")


def test_with_taxes_stripe_asks_for_the_address(
    app: Flask, cast: Cast, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    taxed = replace(app.extensions["settings"], automatic_tax=True)
    monkeypatch.setitem(app.extensions, "settings", taxed)

    subscribe(cast.bob, stripe)

    assert plan_of(cast.bob) == "pro"


def test_who_pays_the_old_price_goes_on_with_it(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscribe(cast.bob, stripe)
    ask(
        stripe, "prices", product="storefront_pro", unit_amount=1900, currency="usd", lookup_key="storefront_pro_month",
        transfer_lookup_key="true", **{"recurring[interval]": "month"},
    )  # fmt: skip

    asking.look(now(cast.bob).stripe_id)

    assert (now(cast.bob).amount, plan_of(cast.bob)) == (900, "pro")


def test_strangers_news_waits_for_an_operator(cast: Cast, stripe: Stripe, client: Browser) -> None:
    stripe.pay(begin(cast.bob))
    [event] = [each for each in stripe.events(100) if each["type"] == "customer.subscription.created"]
    event["data"]["object"]["customer"] = "cus_of_another_shop"

    assert stripe.send(client, event).json["state"] == "parked"


def test_a_subscription_of_others_products_is_not_taken_for_a_plan(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe)
    made = ask(stripe, "products", name="A newsletter")
    price = ask(
        stripe, "prices", product=made["id"], unit_amount=500, currency="usd", **{"recurring[interval]": "month"}
    )
    item = read(stripe, f"subscriptions/{subscription.stripe_id}")["items"]["data"][0]["id"]
    ask(stripe, f"subscriptions/{subscription.stripe_id}", **{"items[0][id]": item, "items[0][price]": price["id"]})

    hear(stripe, client)
    wait(stripe, move_clock, DAY)

    assert now(cast.bob).product == "pro"
    run_due_jobs()
    assert last_letter("bob@example.com").subject in ("Pro is yours", "Receipt for Pro")
