"""However Stripe's news comes, the shop ends where Stripe says, and nobody keeps what they did not pay for."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from storefront.kit import clock
from storefront.kit.db import db, outside, settle_reads, step
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.reconciling import reconcile
from storefront.payments.gateway import subscriptions as gateway
from storefront.subscriptions import asking, returns
from storefront.subscriptions.following import follow
from storefront.subscriptions.models import BillingCustomer, Subscription
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import standing
from tests.letterbox import letters_to
from tests.stripe import Stripe
from tests.subscriptions.acts import (
    AT_RENEWAL,
    DAY,
    HOUR,
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
    wait_for_renewal,
)

pytestmark = pytest.mark.usefixtures("on_sale")


def test_a_renewal_is_paid_and_booked(cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock) -> None:
    subscription = subscribe(cast.bob, stripe)
    start, end = subscription.period_start, subscription.period_end
    wait_for_renewal(stripe, move_clock, subscription)

    hear(stripe, client)

    assert now(cast.bob).period_start == end
    assert [(each.amount, each.period_start) for each in invoices(cast.bob)] == [(900, end), (900, start)]
    assert standing("platform_revenue") == 1800
    assert reconcile().findings == []


def test_a_declined_renewal_warns_serves_for_the_grace_and_recovers(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe, card=AT_RENEWAL)
    wait_for_renewal(stripe, move_clock, subscription)
    hear(stripe, client)
    assert (now(cast.bob).status, plan_of(cast.bob)) == ("past_due", "pro")
    assert "Your card was declined." in client.as_person(cast.bob).get("/catalog").text
    assert "Pro: your card was declined" in [each.subject for each in letters_to("bob@example.com")]

    wait(stripe, move_clock, timedelta(days=2, hours=22))
    asking.sweep()
    assert plan_of(cast.bob) == "pro"
    move_clock(2 * HOUR)
    asking.sweep()
    assert plan_of(cast.bob) == "free"

    stripe.deed(f"subscriptions/{subscription.stripe_id}/card", number="4242424242424242")
    wait(stripe, move_clock, DAY)
    hear(stripe, client)
    assert (now(cast.bob).status, plan_of(cast.bob)) == ("active", "pro")
    assert "Your card was declined." not in client.get("/catalog").text
    assert "Pro is paid again" in [each.subject for each in letters_to("bob@example.com")]
    assert reconcile().findings == []


@pytest.mark.parametrize(("habit", "ends"), [("cancel", "canceled"), ("unpaid", "unpaid")])
def test_a_card_that_never_pays_ends_it_as_stripe_is_told_to(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock, habit: str, ends: str
) -> None:
    stripe.deed("dunning", habit=habit)
    subscription = subscribe(cast.bob, stripe, card=AT_RENEWAL)
    wait_for_renewal(stripe, move_clock, subscription)
    wait(stripe, move_clock, 16 * DAY)

    hear(stripe, client)

    assert (now(cast.bob).status, plan_of(cast.bob)) == (ends, "free")


def test_a_customer_deleted_at_stripe_can_subscribe_again(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscription = subscribe(cast.bob, stripe)
    customer = read(stripe, f"subscriptions/{subscription.stripe_id}")["customer"]
    stripe.deed(f"customers/{customer}/delete")

    hear(stripe, client)
    assert (now(cast.bob).status, plan_of(cast.bob)) == ("canceled", "free")

    subscribe(cast.bob, stripe)
    assert plan_of(cast.bob) == "pro"
    assert db.session.query(BillingCustomer).count() == 2


def test_a_customer_deleted_unheard_of_is_made_anew(cast: Cast, stripe: Stripe) -> None:
    begin(cast.bob)
    customer = db.session.query(BillingCustomer).one().stripe_customer
    settle_reads()
    stripe.deed(f"customers/{customer}/delete")

    with pytest.raises(Exception, match="Nothing was charged"):
        begin(cast.bob, "studio")
    subscribe(cast.bob, stripe, "studio")

    assert plan_of(cast.bob) == "studio"


def test_what_was_asked_earlier_never_overwrites(cast: Cast, stripe: Stripe) -> None:
    """Of two workers, the one whose question was answered first may write last."""
    subscription = subscribe(cast.bob, stripe)
    asked_at = clock.now()
    with outside():
        said = gateway.retrieve_subscription(subscription.stripe_id)
    stripe.deed(f"subscriptions/{subscription.stripe_id}/cancel", when="now")
    asking.look(subscription.stripe_id)

    with step():
        follow(said, [], asked_at=asked_at)

    assert (now(cast.bob).status, plan_of(cast.bob)) == ("canceled", "free")


def test_an_older_answer_about_money_is_let_go(cast: Cast, stripe: Stripe, client: Browser) -> None:
    """Of two workers, the one that asked before the refund may write last."""
    subscribe(cast.bob, stripe, "all_access")
    intent = str(invoices(cast.bob)[0].payment_intent)
    asked_at = clock.now()
    with outside():
        before = returns.ask(intent)
    stripe.refund(intent, amount=400)
    hear(stripe, client)

    with step():
        returns.take_over(intent, before, asked_at=asked_at)

    assert (invoices(cast.bob)[0].returned, standing("pool")) == (400, 600)
    assert reconcile().findings == []


def test_a_refund_in_stripes_dashboard_goes_back_and_may_fail_later(
    cast: Cast, stripe: Stripe, client: Browser
) -> None:
    stripe.deed("refunds", habit="fail after")
    subscribe(cast.bob, stripe, "all_access")
    [invoice] = invoices(cast.bob)
    stripe.refund(invoice.payment_intent or "", amount=400)
    hear(stripe, client)
    assert (invoices(cast.bob)[0].returned, standing("pool")) == (400, 600)
    assert reconcile().findings == []

    [refund] = stripe.refunds()
    stripe.settle_refund(refund["id"])
    hear(stripe, client)

    assert (invoices(cast.bob)[0].returned, standing("pool")) == (0, 1000)
    assert reconcile().findings == []


@pytest.mark.parametrize(("outcome", "status", "pool"), [("won", "paid", 1000), ("lost", "lost", 0)])
def test_a_disputed_invoice_is_gone_until_the_bank_has_decided(
    cast: Cast, stripe: Stripe, client: Browser, outcome: str, status: str, pool: int
) -> None:
    subscribe(cast.bob, stripe, "all_access", card="4000000000000259")
    hear(stripe, client)
    assert (invoices(cast.bob)[0].status, standing("pool"), standing("dispute_losses")) == ("disputed", 0, 1500)
    assert reconcile().findings == []

    [dispute] = read(stripe, "disputes")["data"]
    stripe.deed(f"disputes/{dispute['id']}/close", outcome=outcome)
    hear(stripe, client)

    assert (invoices(cast.bob)[0].status, standing("pool")) == (status, pool)
    assert standing("dispute_losses") == (0 if outcome == "won" else 1500)
    assert reconcile().findings == []


def test_the_sweep_alone_hears_of_all_that(cast: Cast, stripe: Stripe, move_clock: MoveClock) -> None:
    """No event ever arrives: once a day each subscription is asked for, with what became of its money."""
    subscription = subscribe(cast.bob, stripe, "all_access")
    stripe.refund(invoices(cast.bob)[0].payment_intent or "", amount=400)
    stripe.deed(f"subscriptions/{subscription.stripe_id}/cancel", when="later")
    wait(stripe, move_clock, DAY + HOUR)

    asking.sweep()

    assert now(cast.bob, "pass").cancel_at is not None
    assert invoices(cast.bob)[0].returned == 400


#: What may happen to a subscription, one after the other, until it has ended.
STORIES = (
    ("upgrade", "fail", "renew", "recover", "later", "end"),
    ("renew", "later", "stay", "fail", "renew", "never"),
    ("downgrade", "renew", "later", "stay", "now"),
)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_the_news_ends_where_stripe_is(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock, story: tuple[str, ...], seed: int
) -> None:
    """Between any two things that happen, some of the news so far comes, in any order, some of it twice."""
    luck = random.Random(f"{seed} {story}")
    subscription = subscribe(cast.bob, stripe, "studio" if "downgrade" in story else "pro")

    for deed in story:
        happen(deed, subscription, stripe, move_clock)
        tell_some(luck, stripe, client)
    tell_some(luck, stripe, client, all_of_it=True)

    theirs = read(stripe, f"subscriptions/{subscription.stripe_id}")
    ours = now(cast.bob)
    assert ours.status == theirs["status"]
    assert f"storefront_{ours.product}" == theirs["items"]["data"][0]["price"]["product"]
    assert int(ours.period_end.timestamp()) == theirs["items"]["data"][0]["current_period_end"]
    assert plan_of(cast.bob) == (ours.product if ours.status == "active" else "free")
    paid = [each["amount_paid"] for each in read(stripe, "invoices", limit=100)["data"] if each["status"] == "paid"]
    assert sum(each.amount for each in invoices(cast.bob)) == sum(paid)
    assert reconcile().findings == []


def happen(deed: str, subscription: Subscription, stripe: Stripe, move_clock: MoveClock) -> None:
    id = subscription.stripe_id
    if deed in ("later", "now", "stay"):
        stripe.deed(f"subscriptions/{id}/cancel", when="never" if deed == "stay" else deed)
    elif deed in ("fail", "recover"):
        stripe.deed(f"subscriptions/{id}/card", fails=deed == "fail")
        wait(stripe, move_clock, 3 * DAY + HOUR)
    elif deed in ("upgrade", "downgrade"):
        item = read(stripe, f"subscriptions/{id}")["items"]["data"][0]
        key = f"storefront_{'studio' if deed == 'upgrade' else 'pro'}_month"
        [price] = read(stripe, "prices", **{"lookup_keys[0]": key})["data"]
        asked = {"items[0][id]": item["id"], "items[0][price]": price["id"], "proration_behavior": "always_invoice"}
        ask(stripe, f"subscriptions/{id}", **asked)
    else:  # renew, end, never
        end = read(stripe, f"subscriptions/{id}")["items"]["data"][0]["current_period_end"]
        left = timedelta(seconds=max(end - clock.now().timestamp(), 0)) + HOUR + timedelta(seconds=2)
        wait(stripe, move_clock, left + (20 * DAY if deed == "never" else timedelta(0)))


def tell_some(luck: random.Random, stripe: Stripe, client: Browser, *, all_of_it: bool = False) -> None:
    fresh = [event for event in stripe.events(500) if event["id"] not in stripe.delivered]
    luck.shuffle(fresh)
    for event in fresh if all_of_it else fresh[: luck.randrange(len(fresh) + 1)]:
        stripe.delivered.add(event["id"])
        for _ in range(luck.choice((1, 1, 2))):
            assert stripe.send(client, event).json["state"] in ("handled", "ignored")
        if luck.random() < 0.3:
            run_due_jobs()
    run_due_jobs()
    settle_reads()
