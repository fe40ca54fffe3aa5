"""Bob's bank asks for the money back. Carol answers, and the bank decides."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from storefront.checkout import getting
from storefront.checkout.models import Order
from storefront.checkout.services import get_free
from storefront.disputes import asking
from storefront.disputes.asking import look
from storefront.disputes.models import Dispute
from storefront.kit.db import db, settle_reads, step
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.queries import Balance
from storefront.ledger.reconciling import reconcile
from storefront.licenses.models import License
from storefront.payments.models import StripeEvent
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import balance, standing
from tests.letterbox import last_letter
from tests.payouts.test_settlement import at_once, connected
from tests.refunds.acts import again, buy, is_frozen, order_of, refunds
from tests.stripe import Stripe
from tests.worlds import make_offer

__all__ = ["at_once"]

MoveClock = Callable[[timedelta], None]
FRAUD, INQUIRY = "4000000000000259", "4000000000001976"
BANK_FEE = 1500  # what the sandbox's Stripe takes


def disputes() -> list[Dispute]:
    settle_reads()
    return db.session.query(Dispute).order_by(Dispute.id).populate_existing().all()


def hear(stripe: Stripe, client: Browser) -> None:
    """Let the shop be told everything new, and do what follows."""
    stripe.deliver(client)
    run_due_jobs()
    settle_reads()


def disputed(cast: Cast, stripe: Stripe, client: Browser, *, card: str = FRAUD) -> License:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=card)
    hear(stripe, client)
    return license


def close(stripe: Stripe, outcome: str) -> None:
    stripe.deed(f"disputes/{disputes()[0].stripe_id}/close", outcome=outcome)


def test_an_open_dispute_freezes_the_license_and_sets_the_share_aside(
    cast: Cast, stripe: Stripe, client: Browser
) -> None:
    license = disputed(cast, stripe, client)

    (dispute,) = disputes()
    assert (dispute.state, dispute.amount, dispute.share) == ("needs_response", 1200, 1020)
    assert (again(license).status, is_frozen(license)) == ("disputed", True)
    assert balance(cast.workspace(cast.alice)) == Balance("USD", reserved=1020)
    assert standing("dispute_losses") == BANK_FEE
    assert "Disputed, frozen for now" in client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert last_letter("alice@example.com").subject == "A payment for Field Notes is disputed"


def test_nothing_is_given_back_meanwhile(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client)
    order = order_of(license)

    asked = client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": ""})
    given = client.as_person(cast.alice).post(f"/sales/{order.public_id}/refunds", data={"reason": "Sorry."})

    assert (asked.status_code, given.status_code) == (409, 409)
    assert refunds() == []


def test_won_gives_license_and_share_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client)
    close(stripe, "won")
    hear(stripe, client)

    assert disputes()[0].state == "won"
    assert (again(license).status, is_frozen(license)) == ("completed", False)
    assert balance(cast.workspace(cast.alice)) == Balance("USD", held=1020)
    assert (standing("disputed_cash"), standing("dispute_losses")) == (0, 0)
    assert last_letter("alice@example.com").subject == "The dispute about Field Notes was won"


def test_lost_ends_the_license_and_books_the_loss(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client)
    close(stripe, "lost")
    hear(stripe, client)

    assert disputes()[0].state == "lost"
    assert (again(license).status, is_frozen(license)) == ("revoked", True)
    assert balance(cast.workspace(cast.alice)) == Balance("USD")
    assert (standing("disputed_cash"), standing("dispute_losses")) == (0, BANK_FEE + 180)
    order = order_of(license)
    given = client.as_person(cast.alice).post(f"/sales/{order.public_id}/refunds", data={"reason": "Sorry."})
    assert given.status_code == 409
    assert "back</button>" not in client.get(f"/dashboard/sales/{order.public_id}").text


def test_an_inquiry_takes_nothing(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client, card=INQUIRY)
    assert (disputes()[0].state, again(license).status) == ("warning_needs_response", "completed")
    assert balance(cast.workspace(cast.alice)) == Balance("USD", held=1020)

    close(stripe, "won")
    hear(stripe, client)

    assert (disputes()[0].state, again(license).status) == ("warning_closed", "completed")


def test_an_inquiry_may_become_a_dispute(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client, card=INQUIRY)
    stripe.deed(f"disputes/{disputes()[0].stripe_id}/escalate")
    hear(stripe, client)

    assert (disputes()[0].state, again(license).status) == ("needs_response", "disputed")
    assert balance(cast.workspace(cast.alice)) == Balance("USD", reserved=1020)


def test_carol_answers_with_what_the_shop_knows(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client)
    (dispute,) = disputes()
    client.as_person(cast.carol)
    page = client.get(f"/admin/disputes/{dispute.public_id}").text
    for known in (license.number, "The license was granted", "days to ask for a refund", "Commercial license"):
        assert known in page

    address = f"/admin/disputes/{dispute.public_id}/answer"
    kept = client.post(address, data={"product_description": "Prompts, version 1.", "deed": "keep"})
    assert (kept.status_code, disputes()[0].state) == (303, "needs_response")
    assert "Prompts, version 1." in client.get(f"/admin/disputes/{dispute.public_id}").text
    sent = client.post(address, data={"uncategorized_text": "winning_evidence", "deed": "send"})

    assert (sent.status_code, disputes()[0].state) == (303, "under_review")
    again_sent = client.post(address, data={"uncategorized_text": "More.", "deed": "send"})
    assert again_sent.status_code == 409


def test_what_she_wrote_is_kept_when_stripe_is_away(cast: Cast, stripe: Stripe, client: Browser) -> None:
    disputed(cast, stripe, client)
    address = f"/admin/disputes/{disputes()[0].public_id}"
    stripe.fail_next("down", times=9)

    answer = client.as_person(cast.carol).post(
        f"{address}/answer", data={"uncategorized_text": "All of it.", "deed": "send"}
    )

    assert answer.status_code == 503
    stripe.go_on()
    assert "All of it." in client.get(address).text


def test_too_long_an_answer_stays_in_the_form(cast: Cast, stripe: Stripe, client: Browser) -> None:
    disputed(cast, stripe, client)
    typed = {"uncategorized_text": "long " * 4_001, "deed": "send"}

    answer = client.as_person(cast.carol).post(f"/admin/disputes/{disputes()[0].public_id}/answer", data=typed)

    assert answer.status_code == 422
    assert "long long long" in answer.text


def test_carol_gives_in(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = disputed(cast, stripe, client)

    client.as_person(cast.carol).post(f"/admin/disputes/{disputes()[0].public_id}/answer", data={"deed": "give-in"})

    assert (disputes()[0].state, again(license).status) == ("lost", "revoked")


@pytest.mark.parametrize("seed", range(4))
def test_news_in_any_order_and_twice_ends_where_stripe_is(
    cast: Cast, stripe: Stripe, client: Browser, seed: int
) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=FRAUD, told=["checkout.session.completed"])
    told = [event for event in stripe.events() if event["type"].startswith("charge.dispute")]
    stripe.deed(f"disputes/{told[0]['data']['object']['id']}/close", outcome="won")
    told = [event for event in stripe.events() if event["type"].startswith("charge.dispute")] * 2
    random.Random(seed).shuffle(told)
    for event in told:
        stripe.send(client, event)
        run_due_jobs()

    assert (disputes()[0].state, again(license).status) == ("won", "completed")
    assert balance(cast.workspace(cast.alice)) == Balance("USD", held=1020)


def test_the_sweep_finds_what_no_webhook_told(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: MoveClock
) -> None:
    told = ["checkout.session.completed"]
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=FRAUD, told=told)
    assert disputes() == []

    assert [(tally.found, tally.mended) for tally in asking.sweep()] == [(1, 1)]
    assert again(license).status == "disputed"
    close(stripe, "won")
    move_clock(timedelta(hours=2))
    asking.sweep()

    assert (disputes()[0].state, again(license).status) == ("won", "completed")


def test_a_dispute_about_a_payment_of_another_shop_is_parked(cast: Cast, stripe: Stripe, client: Browser) -> None:
    disputed(cast, stripe, client)
    (event,) = [each for each in stripe.events() if each["type"] == "charge.dispute.created"]
    event["data"]["object"]["payment_intent"] = "pi_of_another_shop"
    event["id"] = "evt_other"

    assert stripe.send(client, event).json == {"state": "parked"}
    assert db.session.query(StripeEvent).filter_by(state="parked").count() == 1


@pytest.mark.parametrize(("outcome", "cash"), [("lost", -1565), ("won", -65)])
def test_a_payment_made_twice_may_be_disputed_before_it_goes_back(
    cast: Cast, stripe: Stripe, client: Browser, outcome: str, cash: int
) -> None:
    """Lost, the bank gave it to bob; won, the shop does, once."""
    listing = make_offer(cast.alice)
    getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    order = db.session.query(Order).one()
    with step():
        listing.price, listing.pricing = 0, "free"
        get_free(db.session.merge(listing), cast.bob)
    stripe.pay(order.session_id or "", FRAUD)
    hear(stripe, client)
    hear(stripe, client)
    assert (standing("refunds_due"), standing("disputed_cash"), standing("dispute_losses")) == (1200, 1200, 1500)
    assert disputes() == []
    assert reconcile().findings == []

    [told] = [each for each in stripe.events(100) if each["type"] == "charge.dispute.created"]
    stripe.deed(f"disputes/{told['data']['object']['id']}/close", outcome=outcome)
    hear(stripe, client)

    assert (standing("refunds_due"), standing("disputed_cash"), standing("platform_cash")) == (0, 0, cash)
    assert db.session.get_one(Order, order.id, populate_existing=True).status == "refunded"
    assert reconcile().findings == []


def test_nobody_but_operators_sees_disputes(cast: Cast, stripe: Stripe, client: Browser) -> None:
    disputed(cast, stripe, client)
    for person in (cast.alice, cast.bob, cast.mallory):
        assert client.as_person(person).get("/admin/disputes").status_code == 404
    assert "Field Notes" in client.as_person(cast.carol).get("/admin/disputes").text


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_what_was_passed_on_at_once_comes_back_meanwhile(
    cast: Cast, stripe: Stripe, client: Browser, outcome: str
) -> None:
    account = connected(client, cast, stripe)
    license = disputed(cast, stripe, client)
    assert order_of(license).settlement == "destination"
    assert stripe.accounts()[0]["has"] == {"usd": 0}
    assert balance(cast.workspace(cast.alice)).reserved == 1020
    look(disputes()[0].stripe_id)  # hearing of it again brings nothing more back
    hear(stripe, client)

    close(stripe, outcome)
    hear(stripe, client)

    stands = balance(cast.workspace(cast.alice))
    assert (stands.payable, stands.reserved) == (1020 if outcome == "won" else 0, 0)
    assert reconcile().findings == []
    assert stripe.accounts()[0]["account"]["id"] == account


@pytest.mark.usefixtures("at_once")
def test_what_a_creator_has_spent_is_owed(cast: Cast, stripe: Stripe, client: Browser) -> None:
    account = connected(client, cast, stripe)
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.deed("balance/settle")
    stripe.deed("payouts", account=account)
    stripe.deed(f"charges/{stripe.payments()[0]['charge']['id']}/dispute")
    hear(stripe, client)
    close(stripe, "lost")
    hear(stripe, client)

    assert again(license).status == "revoked"
    assert balance(cast.workspace(cast.alice)).payable == -1020
