"""Bob wants his money back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from storefront.kit import clock
from storefront.kit.db import step
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.queries import Balance
from storefront.licenses.queries import license_for
from storefront.licenses.services import freeze
from storefront.refunds import sending, services
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import balance
from tests.letterbox import last_letter
from tests.refunds.acts import NEVER, SLOWLY, again, buy, is_frozen, order_of, refunds
from tests.stripe import Stripe
from tests.worlds import make_offer

MoveClock = Callable[[timedelta], None]


def ask(client: Browser, license_id: str, reason: str = "Not what I thought.") -> int:
    return client.post(f"/licenses/{license_id}/refunds", data={"reason": reason}).status_code


def test_bob_gets_it_back_at_once(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    client.as_person(cast.bob)
    assert "Your license ends." in client.get(f"/library/{license.public_id}/refund").text

    answer = client.post(f"/licenses/{license.public_id}/refunds", data={"reason": "Too short."}, follow_redirects=True)

    assert "$12.00 went back" in answer.text
    (refund,) = refunds()
    assert (refund.state, refund.amount, refund.fee, refund.share, refund.tax) == ("succeeded", 1200, 180, 1020, 0)
    assert [made["amount"] for made in stripe.refunds()] == [1200]
    assert balance(cast.workspace(cast.alice)) == Balance("USD")
    assert (order_of(license).status, again(license).status, is_frozen(license)) == ("refunded", "refunded", True)
    assert last_letter("bob@example.com").subject == "Your refund of Field Notes"


def test_the_news_of_it_changes_nothing_more(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    ask(client.as_person(cast.bob), license.public_id)

    assert set(stripe.deliver(client)) <= {"handled", "ignored"}
    run_due_jobs()

    assert len(refunds()) == len(stripe.refunds()) == 1


def test_a_second_request_is_the_same_refund(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=SLOWLY)
    client.as_person(cast.bob)

    assert [ask(client, license.public_id) for _click in range(2)] == [303, 303]

    assert len(refunds()) == len(stripe.refunds()) == 1


def test_ten_clicks_at_once_are_one_refund(app: Flask, cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=SLOWLY)

    def click() -> str:
        with step():
            refund = services.ask(license_for(cast.bob, license.public_id), "", by=cast.bob)
        sending.try_to_send(refund)
        return refund.public_id

    assert len(set(all_at_once(app, [click] * 10))) == 1
    run_due_jobs()
    assert len(refunds()) == len(stripe.refunds()) == 1
    assert order_of(license).returned == 1200


DAY_1 = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "status"), [(datetime(2027, 3, 7, 23, 59, 59, tzinfo=UTC), 303), (datetime(2027, 3, 8, tzinfo=UTC), 409)]
)
def test_the_last_second_counts(
    cast: Cast, stripe: Stripe, client: Browser, monkeypatch: pytest.MonkeyPatch, asked: datetime, status: int
) -> None:
    """Bought as day 1 begins: day 7 23:59:59 gives it back at once, day 8 00:00:00 does not."""
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    client.as_person(cast.bob)
    with step():
        again(license).refundable_until = DAY_1 + timedelta(days=7)

    monkeypatch.setattr(clock, "now", lambda: asked)  # the clock stands

    assert ask(client, license.public_id) == status
    assert [refund.state for refund in refunds()] == ["succeeded"] * (status == 303)


def test_whoever_asks_often_waits_for_a_decision(cast: Cast, stripe: Stripe, client: Browser) -> None:
    bought = [buy(cast.bob, make_offer(cast.alice, f"Notes {n}"), stripe, client) for n in range(4)]
    client.as_person(cast.bob)
    for license in bought:
        assert ask(client, license.public_id) == 303

    assert [refund.state for refund in refunds()] == ["succeeded"] * 3 + ["waiting"]
    assert again(bought[3]).status == "completed"
    assert "Whoever made the work decides" in client.get(f"/library/{bought[3].public_id}").text
    assert last_letter("alice@example.com").subject == "A refund of Notes 3 waits for you"


def test_a_month_later_he_gets_it_at_once_again(cast: Cast, stripe: Stripe, client: Browser) -> None:
    for n in range(3):
        ask(client.as_person(cast.bob), buy(cast.bob, make_offer(cast.alice, f"Notes {n}"), stripe, client).public_id)
    with step():
        for refund in refunds():
            refund.asked_at -= timedelta(days=30)
    license = buy(cast.bob, make_offer(cast.alice, "Later"), stripe, client)

    ask(client.as_person(cast.bob), license.public_id)

    assert refunds()[-1].state == "succeeded"


def test_a_slow_refund_is_followed(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=SLOWLY)
    ask(client.as_person(cast.bob), license.public_id)
    assert (refunds()[0].state, again(license).status) == ("pending", "refunded")

    stripe.settle_refund(stripe.refunds()[0]["id"])
    stripe.deliver(client)

    assert refunds()[0].state == "succeeded"


def test_a_refund_that_fails_gives_the_license_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=NEVER)
    ask(client.as_person(cast.bob), license.public_id)
    assert (refunds()[0].state, again(license).status) == ("succeeded", "refunded")

    stripe.settle_refund(stripe.refunds()[0]["id"])
    stripe.deliver(client)

    (refund,) = refunds()
    assert (refund.state, refund.failure) == ("failed", "expired or canceled card")
    assert (again(license).status, order_of(license).status, is_frozen(license)) == ("completed", "paid", False)
    assert order_of(license).returned == 0
    assert balance(cast.workspace(cast.alice)) == Balance("USD", held=1020)
    assert "did not arrive" in client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert "Refunds that failed" in client.as_person(cast.carol).get("/admin/health").text


def test_what_was_got_anew_meanwhile_stays_the_one(cast: Cast, stripe: Stripe, client: Browser) -> None:
    listing = make_offer(cast.alice)
    first = buy(cast.bob, listing, stripe, client, card=NEVER)
    ask(client.as_person(cast.bob), first.public_id)
    second = buy(cast.bob, listing, stripe, client)

    stripe.settle_refund(stripe.refunds()[0]["id"])
    stripe.deliver(client)

    assert (again(first).status, again(second).status) == ("refunded", "completed")


def test_old_news_does_not_undo_newer(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=NEVER)
    ask(client.as_person(cast.bob), license.public_id)
    stripe.settle_refund(stripe.refunds()[0]["id"])
    told = [event for event in stripe.events() if event["type"].startswith(("refund", "charge.refund"))]

    for event in reversed(told):
        stripe.send(client, event)

    assert refunds()[0].state == "failed"
    assert again(license).status == "completed"


@pytest.mark.parametrize("trouble", ["down", "error_after"])
def test_a_silent_stripe_is_asked_again(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock, trouble: str
) -> None:
    """Also one that answers with a failure after it did the work: what it made is looked for first."""
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.fail_next(trouble, times=9)

    assert ask(client.as_person(cast.bob), license.public_id) == 303
    assert refunds()[0].state == "sending"
    assert "we keep asking" in client.get(f"/library/{license.public_id}").text
    stripe.go_on()
    move_clock(timedelta(minutes=2))
    run_due_jobs()

    assert refunds()[0].state == "succeeded"
    assert len(stripe.refunds()) == 1


def test_the_sweep_needs_no_webhook(cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=SLOWLY)
    ask(client.as_person(cast.bob), license.public_id)
    stripe.settle_refund(stripe.refunds()[0]["id"])
    assert [tally.found for tally in sending.sweep()] == [0]
    move_clock(timedelta(minutes=6))

    assert [(tally.found, tally.mended) for tally in sending.sweep()] == [(1, 1)]
    assert refunds()[0].state == "succeeded"


def test_nothing_is_given_back_during_a_dispute(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    with step():
        freeze(again(license))

    assert ask(client.as_person(cast.bob), license.public_id) == 409
    assert refunds() == []


def test_a_free_license_has_no_refund(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice, price=0)
    client.as_person(cast.bob).post(f"/listings/{listing.slug}/orders", data={"price": 0, "currency": "USD"})
    page = client.get("/library").text
    license_id = page.split('href="/library/lic_')[1].split('"')[0]

    assert "Ask for a refund" not in client.get(f"/library/lic_{license_id}").text
    assert ask(client, f"lic_{license_id}") == 409


def test_what_he_writes_is_kept_when_it_is_too_long(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)

    answer = client.as_person(cast.bob).post(
        f"/licenses/{license.public_id}/refunds", data={"reason": "It is long. " * 200}
    )

    assert answer.status_code == 422
    assert "It is long. It is long." in answer.text
    assert refunds() == []


def test_mallory_can_ask_for_nothing_of_his(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)

    assert ask(client.as_person(cast.mallory), license.public_id) == 404
    assert refunds() == []
