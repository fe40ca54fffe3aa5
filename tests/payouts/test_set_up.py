"""Alice sets up payouts: the way to Stripe and back, whatever goes wrong on it, and what the page says meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from storefront.accounts.models import Workspace
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.payouts import connecting, jobs
from storefront.payouts.models import ConnectAccount
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import letters_to
from tests.stripe import Stripe
from tests.worlds import make_team

US = {"country": "US"}


@pytest.fixture
def alice(client: Browser, cast: Cast) -> Browser:
    """Her browser."""
    return client.as_person(cast.alice)


def account() -> ConnectAccount:
    """The one account that is written down."""
    db.session.rollback()
    return db.session.scalars(sa.select(ConnectAccount).execution_options(populate_existing=True)).one()


def begin(alice: Browser, stripe: Stripe, **onboarding: object) -> str:
    """Set up payouts; with ``onboarding`` also fill in everything at Stripe. The id of the account at Stripe."""
    assert alice.post("/payouts/alice/account", data=US).status_code == 303
    (made,) = stripe.accounts()
    stripe.onboard(made["account"]["id"], **onboarding) if onboarding else None
    return str(made["account"]["id"])


def test_the_button_leads_to_stripe(alice: Browser, stripe: Stripe) -> None:
    page = alice.get("/payouts/alice").text
    assert "Set up payouts" in page
    assert "Not set up" in page

    answer = alice.post("/payouts/alice/account", data=US)

    assert answer.headers["Location"].startswith(f"{stripe.url}/connect/links/")
    (made,) = stripe.accounts()
    assert made["account"]["controller"]["stripe_dashboard"] == {"type": "express"}
    assert made["account"]["metadata"]["connect_account"] == account().public_id
    assert account().stripe_account == made["account"]["id"]


def test_no_country_is_said_beside_the_field(alice: Browser, stripe: Stripe) -> None:
    for country in ("", "AQ", "JP"):
        answer = alice.post("/payouts/alice/account", data={"country": country})
        assert answer.status_code == 422
        assert "Choose your country." in answer.text
    assert stripe.accounts() == []


def test_coming_back_done_means_ready(alice: Browser, stripe: Stripe) -> None:
    begin(alice, stripe, year=1901)

    assert alice.get("/payouts/alice/return").headers["Location"] == "/payouts/alice"

    page = alice.get("/payouts/alice").text
    assert "You can be paid" in page
    assert "Payouts are set up." in page
    names = db.session.scalars(sa.select(Event.name).where(Event.name.like("connect.%")).order_by(Event.id)).all()
    assert names == ["connect.opened", "connect.ready"]
    assert alice.post("/payouts/alice/dashboard").headers["Location"].startswith(f"{stripe.url}/express/links/")


def test_coming_back_half_way_is_not_done(alice: Browser, stripe: Stripe) -> None:
    begin(alice, stripe)

    alice.get("/payouts/alice/return")

    page = alice.get("/payouts/alice").text
    assert "You left half way" in page
    for sentence in ("The bank account that your payouts go to.", "Your date of birth.", "Your yes to Stripe"):
        assert sentence in page
    assert page.count("Your name, as it is on your papers.") == 1
    again = alice.post("/payouts/alice/account").headers["Location"]
    assert again.startswith(f"{stripe.url}/connect/links/")
    assert len(stripe.accounts()) == 1


def test_a_used_link_leads_back_and_on(alice: Browser, stripe: Stripe) -> None:
    link = alice.post("/payouts/alice/account", data=US).headers["Location"]
    requests.get(link, allow_redirects=False, timeout=10)
    used = requests.get(link, allow_redirects=False, timeout=10).headers["Location"]

    fresh = alice.get(used.replace("http://shop.test", "")).headers["Location"]

    assert fresh.startswith(f"{stripe.url}/connect/links/")
    assert fresh != link


def test_what_stripe_wants_is_said_in_plain_words(alice: Browser, stripe: Stripe) -> None:
    begin(alice, stripe, year=1902)
    alice.get("/payouts/alice/return")

    page = alice.get("/payouts/alice").text

    assert "A photo of your passport, identity card or driving license." in page
    assert "A photo of your ID is needed" in page
    assert "Give it to Stripe" in page


def test_events_have_the_account_looked_at_whatever_they_say(alice: Browser, stripe: Stripe) -> None:
    made = begin(alice, stripe, year=1901)
    old = next(event for event in stripe.events() if event.get("account") == made)

    assert stripe.send(alice, old).json["state"] == "handled"
    jobs.look(made)
    assert account().state == "ready"

    stripe.deed(f"accounts/{made}/review")
    jobs.look(made)
    assert account().state == "checking"
    assert "Stripe is looking at it" in alice.get("/payouts/alice").text


def test_an_account_that_nobody_asked_for_is_parked(alice: Browser, stripe: Stripe) -> None:
    made = begin(alice, stripe, year=1901)
    event = next(each for each in stripe.events() if each.get("account") == made)
    event["account"] = event["data"]["object"]["id"] = "acct_nobody"
    event["data"]["object"]["metadata"] = {}
    assert stripe.send(alice, event | {"id": "evt_of_nobody"}).json["state"] == "parked"


def test_who_disconnects_connects_anew_and_keeps_what_was(alice: Browser, stripe: Stripe) -> None:
    made = begin(alice, stripe, year=1901)
    stripe.deed(f"accounts/{made}/disconnect")
    assert "deauthorized" in stripe.events()[-1]["type"]
    assert stripe.send(alice, stripe.events()[-1]).json["state"] == "handled"
    for _ in range(2):
        jobs.look(made)

    assert [letter.subject for letter in letters_to("alice@example.com")] == ["Your Stripe account is disconnected"]
    assert "Stripe was disconnected." in alice.get("/payouts/alice").text
    assert alice.post("/payouts/alice/account", data={"country": "DE"}).status_code == 303

    rows = db.session.scalars(sa.select(ConnectAccount).order_by(ConnectAccount.id)).all()
    assert [(row.country, row.ended_because) for row in rows] == [("US", "disconnected"), ("DE", "")]
    assert len(stripe.accounts()) == 2


def test_the_wrong_country_can_be_chosen_again(alice: Browser, stripe: Stripe) -> None:
    begin(alice, stripe)
    alice.post("/payouts/alice/restart")
    alice.post("/payouts/alice/account", data={"country": "FR"})
    assert [each["account"]["country"] for each in stripe.accounts()] == ["FR", "US"]
    stripe.onboard(stripe.accounts()[0]["account"]["id"])
    alice.get("/payouts/alice/return")
    assert alice.post("/payouts/alice/restart").status_code == 409


def test_an_answer_that_was_lost_is_the_same_account(alice: Browser, stripe: Stripe) -> None:
    stripe.fail_next("lost")
    assert alice.post("/payouts/alice/account", data=US).status_code == 303
    assert len(stripe.accounts()) == 1


def test_an_account_made_before_stripe_failed_is_found_by_our_own_id(alice: Browser, stripe: Stripe) -> None:
    stripe.fail_next("error_after")
    answer = alice.post("/payouts/alice/account", data=US)
    assert answer.status_code == 503
    assert "Stripe is not answering." in answer.text
    assert (account().stripe_account, len(stripe.accounts())) == (None, 1)

    assert alice.post("/payouts/alice/account", data=US).status_code == 303

    (made,) = stripe.accounts()
    assert account().stripe_account == made["account"]["id"]


def test_an_account_is_found_after_stripe_forgot_the_key(
    alice: Browser, stripe: Stripe, move_clock: Callable[[timedelta], None]
) -> None:
    alice.post("/payouts/alice/account", data=US)
    (made,) = stripe.accounts()
    with step():  # as if its answer had never come
        row = db.session.scalars(sa.select(ConnectAccount)).one()
        row.stripe_account = None
    move_clock(timedelta(hours=25))
    stripe.deed("clock", advance=25 * 3600)

    assert alice.post("/payouts/alice/account", data=US).status_code == 303

    assert len(stripe.accounts()) == 1
    assert account().stripe_account == made["account"]["id"]


def test_a_stripe_that_is_away_changes_nothing(alice: Browser, stripe: Stripe) -> None:
    stripe.fail_next("down", times=3)
    assert alice.post("/payouts/alice/account", data=US).status_code == 503
    assert stripe.accounts() == []
    assert alice.post("/payouts/alice/account", data=US).status_code == 303
    assert len(stripe.accounts()) == 1


def test_the_sweep_hears_what_no_event_told(
    alice: Browser, stripe: Stripe, move_clock: Callable[[timedelta], None]
) -> None:
    begin(alice, stripe, year=1901)
    assert account().state == "started"
    move_clock(timedelta(hours=2))
    (tally,) = jobs.sweep()
    assert (tally.mended, account().state) == (1, "ready")


def test_bob_whose_plan_does_not_sell_is_told_so(client: Browser, cast: Cast, stripe: Stripe) -> None:
    bob = client.as_person(cast.bob)
    assert "Selling is part of Studio." in bob.get("/payouts/bob").text
    assert bob.post("/payouts/bob/account", data=US).status_code == 403
    assert stripe.accounts() == []


def test_an_owner_of_several_workspaces_chooses_one(alice: Browser, cast: Cast) -> None:
    assert alice.get("/payouts").headers["Location"] == "/payouts/alice"
    make_team(cast.alice, "press")
    page = alice.get("/payouts").text
    assert 'href="/payouts/press"' in page
    assert db.session.scalars(sa.select(Workspace.handle).where(Workspace.kind == "team")).all() == ["press"]


def test_twenty_clicks_at_once_make_one_account(app: Flask, cast: Cast, stripe: Stripe) -> None:
    """Also where the call to Stripe is under way from another click, whose key it then is."""
    alice = cast.alice

    def click() -> str:
        try:
            return connecting.set_up("alice", "US", by=db.session.merge(alice, load=False))
        except (connecting.StripeAway, OperationalError):
            return ""

    answers = all_at_once(app, [click] * 20)

    assert any(answers)
    assert len(stripe.accounts()) == 1
    assert account().stripe_account == stripe.accounts()[0]["account"]["id"]


def test_alice_is_told_when_stripe_wants_something_that_stops_her_money(alice: Browser, stripe: Stripe) -> None:
    made = begin(alice, stripe, year=1901)
    jobs.look(made)
    stripe.deed(f"accounts/{made}/demand", requirement="individual.verification.document")
    for _ in range(2):
        jobs.look(made)

    (letter,) = letters_to("alice@example.com")
    assert letter.subject == "Stripe needs something before you can be paid"
    assert "passport" in str(letter)
