"""Bob changes his mind: more, less, an end, none after all. Each page says what it costs before he presses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from storefront.kit import clock
from storefront.kit.errors import Conflict
from storefront.ledger.reconciling import reconcile
from storefront.subscriptions import changing
from storefront.subscriptions.changing import PreviewTooOld
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import standing
from tests.letterbox import last_letter
from tests.stripe import Stripe
from tests.subscriptions.acts import (
    AT_RENEWAL,
    DAY,
    MoveClock,
    hear,
    invoices,
    now,
    plan_of,
    read,
    subscribe,
    wait,
    wait_for_renewal,
)

# What both engines must hold is in test_follow.py; these are pages and what Stripe is asked.
pytestmark = [pytest.mark.usefixtures("on_sale"), pytest.mark.parametrize("engine", ["sqlite"])]


def shown(page: str) -> dict[str, str]:
    """What the page of a change posts."""
    names = ("product", "interval", "at", "due")
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in names}  # type: ignore[index]


def test_an_upgrade_costs_what_the_page_says_and_begins_at_once(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe)
    wait(stripe, move_clock, 10 * DAY)
    path = f"/billing/{subscription.public_id}/change"
    page = client.as_person(cast.bob).get(f"{path}?product=studio&interval=month").text
    asked = shown(page)
    assert f"Change and pay ${int(asked['due']) / 100:.2f}" in page

    assert client.post(path, data=asked).status_code == 303

    assert (plan_of(cast.bob), now(cast.bob).product) == ("studio", "studio")
    paid = invoices(cast.bob)[0]
    assert (paid.amount, paid.product) == (int(asked["due"]), "studio")
    days = (subscription.period_end - subscription.period_start) / DAY
    assert abs(paid.amount - 1000 * (days - 10) / days) <= 1
    assert standing("platform_revenue") == 900 + paid.amount
    assert reconcile().findings == []


def test_an_upgrade_twice_is_paid_once(cast: Cast, stripe: Stripe) -> None:
    subscription = subscribe(cast.bob, stripe)
    _, change = changing.change_to(cast.bob, subscription.public_id, "studio", "month")

    as_shown: dict[str, Any] = {"at": change.at, "due": change.due.amount}
    changing.change(cast.bob, subscription.public_id, "studio", "month", **as_shown)
    with pytest.raises(Conflict, match="what you have"):
        changing.change(cast.bob, subscription.public_id, "studio", "month", **as_shown)

    assert len(invoices(cast.bob)) == 2


def test_another_sum_than_was_shown_is_shown_again(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe)
    path = f"/billing/{subscription.public_id}/change"
    asked = shown(client.as_person(cast.bob).get(f"{path}?product=studio&interval=month").text)

    cheap = client.post(path, data={**asked, "due": "1"})
    wait(stripe, move_clock, timedelta(hours=2))
    late = client.post(path, data=asked)

    assert (cheap.status_code, late.status_code) == (409, 409)
    assert "The price has changed meanwhile." in late.text
    assert plan_of(cast.bob) == "pro"
    with pytest.raises(PreviewTooOld):
        at = clock.now() + DAY
        changing.change(cast.bob, subscription.public_id, "studio", "month", at=at, due=1000)


def test_a_card_that_is_declined_changes_nothing(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscription = subscribe(cast.bob, stripe, card=AT_RENEWAL)
    path = f"/billing/{subscription.public_id}/change"
    asked = shown(client.as_person(cast.bob).get(f"{path}?product=studio&interval=month").text)

    refused = client.post(path, data=asked)

    assert refused.status_code == 402
    assert "Nothing was charged and nothing changed." in refused.text
    assert (plan_of(cast.bob), len(invoices(cast.bob))) == ("pro", 1)


def test_a_year_begins_at_once_and_costs_ten_months(cast: Cast, stripe: Stripe) -> None:
    subscription = subscribe(cast.bob, stripe)
    _, change = changing.change_to(cast.bob, subscription.public_id, "pro", "year")
    assert change.credit.amount in range(890, 901)

    changing.change(cast.bob, subscription.public_id, "pro", "year", at=change.at, due=change.due.amount)

    assert (now(cast.bob).interval, now(cast.bob).amount) == ("year", 9000)
    assert change.due.amount == 9000 - change.credit.amount
    assert now(cast.bob).period_end > clock.now() + timedelta(days=360)


def test_a_downgrade_waits_for_what_was_paid_for(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe, "studio")
    path = f"/billing/{subscription.public_id}/change"
    page = client.as_person(cast.bob).get(f"{path}?product=pro&interval=month").text
    assert "Due today" in page
    assert "Nothing" in page
    client.post(path, data=shown(page))
    planned = now(cast.bob)
    assert (planned.product, planned.next_product, planned.next_interval) == ("studio", "pro", "month")
    assert plan_of(cast.bob) == "studio"

    wait_for_renewal(stripe, move_clock, planned)
    hear(stripe, client)

    assert (now(cast.bob).product, now(cast.bob).next_product, plan_of(cast.bob)) == ("pro", None, "pro")
    assert [invoice.amount for invoice in invoices(cast.bob)] == [900, 1900]


def test_a_downgrade_can_be_taken_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscription = subscribe(cast.bob, stripe, "studio")
    changing.change(cast.bob, subscription.public_id, "pro", "month", at=clock.now(), due=0)

    client.as_person(cast.bob).post(f"/billing/{subscription.public_id}/stay")

    assert now(cast.bob).next_product is None
    assert read(stripe, f"subscriptions/{subscription.stripe_id}")["schedule"] is None


def test_an_end_with_a_reason_and_none_after_all(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    subscription = subscribe(cast.bob, stripe)
    path = f"/billing/{subscription.public_id}"
    client.as_person(cast.bob).post(f"{path}/cancel", data={"reason": "too_expensive", "comment": "I write less."})
    ending = now(cast.bob)
    assert (ending.status, ending.cancel_at) == ("active", subscription.period_end)
    assert ending.cancel_reason == "too expensive: I write less."
    assert last_letter("bob@example.com").subject.startswith("Pro ends on ")
    assert "Keep Pro" in client.get("/billing").text

    client.post(f"{path}/stay")
    assert now(cast.bob).cancel_at is None
    client.post(f"{path}/cancel", data={"reason": "nonsense"})
    wait(stripe, move_clock, subscription.period_end - clock.now() + DAY)

    assert client.get("/billing").status_code == 200
    hear(stripe, client)
    assert (now(cast.bob).status, plan_of(cast.bob)) == ("canceled", "free")
    assert last_letter("bob@example.com").subject == "Pro has ended"
    assert "Subscribe again" in client.get("/billing").text


def test_a_plan_that_was_given_outlives_one_that_was_paid(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    dana = cast.person("Dana", plan="pro")
    subscription = subscribe(dana, stripe, "studio")
    assert plan_of(dana) == "studio"
    stripe.deed(f"subscriptions/{subscription.stripe_id}/cancel", when="now")

    hear(stripe, client)

    assert plan_of(dana) == "pro"


def test_it_may_be_changed_in_stripes_own_pages(cast: Cast, stripe: Stripe, client: Browser) -> None:
    subscription = subscribe(cast.bob, stripe)
    portal = client.as_person(cast.bob).post("/billing/portal")
    assert portal.location.startswith(f"{stripe.url}/p/session/")
    stripe.deed(f"subscriptions/{subscription.stripe_id}/cancel", when="later")

    client.get("/billing/return")

    assert now(cast.bob).cancel_at == subscription.period_end


@pytest.mark.parametrize("deed", ["cancel", "stay", "payment", "change"])
def test_mallory_finds_nothing_of_bobs(cast: Cast, stripe: Stripe, client: Browser, deed: str) -> None:
    subscription = subscribe(cast.bob, stripe)
    asked = {"product": "studio", "interval": "month", "at": int(clock.now().timestamp()), "due": 0}

    answer = client.as_person(cast.mallory).post(f"/billing/{subscription.public_id}/{deed}", data=asked)

    assert answer.status_code == 404
    assert "$9.00" not in client.get("/billing").text


def test_bob_tries_his_card_again(cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock) -> None:
    subscription = subscribe(cast.bob, stripe, card=AT_RENEWAL)
    wait_for_renewal(stripe, move_clock, subscription)
    hear(stripe, client)
    path = f"/billing/{subscription.public_id}/payment"
    assert client.as_person(cast.bob).post(path).status_code == 402

    stripe.deed(f"subscriptions/{subscription.stripe_id}/card", number="4242424242424242")
    assert client.post(path).status_code == 303

    assert now(cast.bob).status == "active"
