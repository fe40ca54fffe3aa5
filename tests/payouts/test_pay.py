"""Creators are paid what is payable: once, however often it is tried and wherever it is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from markupsafe import escape

from storefront.accounts.models import Workspace
from storefront.kit import clock
from storefront.kit.db import db, settle_reads, step
from storefront.kit.jobs import run_due_jobs
from storefront.ledger.models import Posting
from storefront.payouts import runs, sending
from storefront.payouts.panels import next_day
from storefront.payouts.queries import live_account
from tests.at_once import twice_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter
from tests.payouts.acts import balance, connected, earn, payouts, run
from tests.stripe import Stripe


class Killed(BaseException):
    """The process ended here."""


@contextmanager
def killed_at(statement: int) -> Iterator[list[int]]:
    """Whoever says the database its ``statement``th sentence dies. What is yielded counts them."""
    count = [0]

    def before(*_arguments: Any) -> None:
        count[0] += 1
        if count[0] == statement:
            raise Killed

    sa.event.listen(db.engine, "before_cursor_execute", before)
    try:
        yield count
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", before)


def pay_all() -> None:
    run()
    for payout in payouts():
        sending.send(payout.id)


def pay_new() -> None:
    """As much work in each month, however many were paid before."""
    for payout in run():
        sending.send(payout.id)


def recover() -> None:
    """What the shop does by itself after a crash."""
    run()
    run_due_jobs()
    sending.sweep()


def later(by: timedelta) -> None:
    clock.move(clock.moved_by() + by)


def states() -> list[str]:
    return [payout.state for payout in payouts()]


def has(stripe: Stripe) -> dict[str, int]:
    """What each account has at Stripe, in cents."""
    return {each["account"]["id"]: each["has"].get("usd", 0) for each in stripe.accounts()}


def booked() -> int:
    """What the books say was transferred, less what came back."""
    out = sa.case((Posting.kind == "payout.sent", Posting.amount), (Posting.kind == "payout.reversed", -Posting.amount))
    found = int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(out), 0))) or 0)
    settle_reads()
    return found


@pytest.fixture
def ready(client: Browser, cast: Cast, stripe: Stripe) -> str:
    """Alice's account, and a shop that has money at Stripe."""
    stripe.fund(10_000_000)
    return connected(client, cast.alice, stripe)


def test_ten_dollars_are_paid_and_a_cent_less_is_kept(ready: str, cast: Cast, stripe: Stripe) -> None:
    alice = earn(cast.alice, 999)
    pay_all()
    assert [(each.state, each.reason) for each in payouts()] == [("skipped", "below_minimum")]

    earn(cast.alice, 1, "ord_cent")
    pay_all()

    assert [(each.state, each.amount, each.destination) for each in payouts()] == [("sent", 1000, ready)]
    assert has(stripe) == {ready: 1000}
    assert (balance(alice).payable, balance(alice).in_transit, balance(alice).paid) == (0, 0, 1000)
    assert "$10.00" in last_letter("alice@example.com").text


@pytest.mark.usefixtures("ready")
def test_a_month_pays_once(cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 1500)
    pay_all()
    earn(cast.alice, 1500, "ord_more")
    pay_all()
    assert (list(has(stripe).values()), booked()) == ([1500], 1500)


def test_who_is_skipped_is_told_why_and_paid_once_ready(client: Browser, cast: Cast, stripe: Stripe) -> None:
    stripe.fund(100_000)
    alice = earn(cast.alice, 1500)
    run()
    assert [each.reason for each in payouts()] == ["no_account"]
    assert "Payouts are not set up" in client.as_person(cast.alice).get("/payouts/alice").text

    client.post("/payouts/alice/account", data={"country": "US"})
    run()
    assert [each.reason for each in payouts()] == ["restricted"]

    made = stripe.accounts()[0]["account"]["id"]
    stripe.onboard(made)
    client.get("/payouts/alice/return")
    pay_all()
    assert (states(), has(stripe), balance(alice).payable) == (["sent"], {made: 1500}, 0)


@pytest.mark.usefixtures("ready")
def test_the_run_of_the_month_pays_what_was_payable_on_its_day(app: Flask, cast: Cast) -> None:
    earn(cast.alice, 1500)
    sending.monthly()
    assert states() == []  # it came to be payable after the day

    now = clock.now()
    next_month = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=3, minute=17)
    later(next_month - now)
    sending.monthly()
    sending.monthly()
    assert [(each.run, each.amount) for each in payouts()] == [(runs.month_of(next_month), 1500)]


@pytest.mark.usefixtures("ready")
def test_two_runs_at_once_pay_each_once(app: Flask, cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 1500)
    twice_at_once(app, pay_all)
    assert (states(), list(has(stripe).values()), booked()) == (["sent"], [1500], 1500)


@pytest.mark.usefixtures("ready")
def test_a_run_and_a_withdrawal_at_once_pay_once(app: Flask, cast: Cast, stripe: Stripe) -> None:
    alice = earn(cast.alice, 1500)
    person = cast.alice

    def withdraw_or_run() -> None:
        try:
            with step():
                payout = runs.withdraw(db.session.get_one(Workspace, alice.id), by=person)
        except (runs.NothingToPay, runs.PayoutUnderWay):
            pay_all()
            return
        sending.send(payout.id)

    twice_at_once(app, withdraw_or_run)
    assert (states(), list(has(stripe).values()), booked()) == (["sent"], [1500], 1500)


def test_killed_at_every_statement_it_pays_each_once(
    ready: str, client: Browser, cast: Cast, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "AT_A_TIME", 1)
    both = {cast.alice: ready, cast.person("Anna", plan="studio"): ""}
    anna = next(person for person in both if person != cast.alice)
    both[anna] = connected(client, anna, stripe)
    paid = statement = 0
    while True:
        statement += 1
        for person in both:
            earn(person, 1000, f"ord_{person.id}_{statement}")
        settle_reads()
        was_killed = False
        with killed_at(statement):
            try:
                pay_new()
            except Killed:
                was_killed = True
                db.session.rollback()
        later(sending.HOLD + timedelta(minutes=1))  # whoever held it is dead
        recover()
        paid += 1000
        assert set(states()) == {"sent"}, statement
        assert has(stripe) == dict.fromkeys(both.values(), paid), statement
        assert booked() == 2 * paid, statement
        if not was_killed:
            break
        later(timedelta(days=32))
    assert statement > 20


@pytest.mark.parametrize("kind", ["error", "error_after", "lost"])
@pytest.mark.usefixtures("ready")
def test_an_answer_that_never_came_is_looked_for(cast: Cast, stripe: Stripe, kind: str) -> None:
    earn(cast.alice, 1500)
    run()
    stripe.fail_next(kind, times=3)  # Stripe's library tries three times
    run_due_jobs()
    stripe.go_on()

    later(timedelta(hours=1))
    sending.sweep()
    run_due_jobs()

    assert (states(), list(has(stripe).values()), booked()) == (["sent"], [1500], 1500)


@pytest.mark.usefixtures("ready")
def test_nor_is_it_paid_again_once_stripe_forgot_the_key(cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 1500)
    run()
    stripe.fail_next("lost", times=3)
    run_due_jobs()
    stripe.go_on()

    stripe.deed("clock", advance=2 * 86_400)  # it keeps keys for a day
    later(timedelta(days=2))
    sending.sweep()

    assert (states(), booked()) == (["sent"], 1500)
    assert [each["amount"] for each in stripe.accounts()[0]["transfers"]] == [1500]


def test_with_too_little_at_stripe_it_waits(client: Browser, cast: Cast, stripe: Stripe) -> None:
    connected(client, cast.alice, stripe)
    alice = earn(cast.alice, 1500)
    pay_all()
    assert (states(), balance(alice).in_transit) == (["waiting"], 1500)
    assert "Payouts that wait" in client.as_person(cast.carol).get("/admin/health").text

    stripe.fund(100_000)
    sending.sweep()
    assert states() == ["waiting"]  # not yet
    later(timedelta(hours=1, minutes=1))
    sending.sweep()
    assert (states(), booked()) == (["sent"], 1500)


def test_what_stripe_refuses_is_payable_again(ready: str, client: Browser, cast: Cast, stripe: Stripe) -> None:
    alice = earn(cast.alice, 1500)
    run()
    stripe.deed(f"accounts/{ready}/disconnect")
    run_due_jobs()

    (refused,) = payouts()
    assert (refused.state, bool(refused.failure), balance(alice).payable) == ("refused", True, 1500)
    assert str(escape(refused.failure)) in client.as_person(cast.carol).get("/admin/payouts?state=refused").text
    account = live_account(alice.id)
    assert account is None or not account.can_be_paid  # looked at, because it was refused


def test_a_transfer_that_comes_back_is_payable_again(ready: str, client: Browser, cast: Cast, stripe: Stripe) -> None:
    alice = earn(cast.alice, 1500)
    pay_all()
    transfer = payouts()[0].transfer_id

    stripe.deed(f"transfers/{transfer}/reverse", amount=500)
    stripe.deed(f"transfers/{transfer}/reverse", amount=1000)
    news = [event for event in stripe.events() if event["type"] == "transfer.reversed"]
    for event in (news[1], news[0], news[1]):  # in the wrong order, and again
        stripe.send(client, event)

    assert [(each.state, each.returned) for each in payouts()] == [("reversed", 1500)]
    assert (balance(alice).payable, balance(alice).paid, booked(), has(stripe)) == (1500, 0, 0, {ready: 0})


def test_alice_withdraws_and_a_second_click_pays_nothing(
    ready: str, client: Browser, cast: Cast, stripe: Stripe
) -> None:
    earn(cast.alice, 1500)
    client.as_person(cast.alice)
    assert "Withdraw" in client.get("/payouts/alice").text

    answers = [client.post("/payouts/alice/withdrawals").status_code for _ in range(2)]

    assert (answers, has(stripe)) == ([303, 409], {ready: 1500})
    assert "You asked for it" in client.get("/payouts/alice").text
    earn(cast.alice, 1500, "ord_more")
    assert client.post("/payouts/alice/withdrawals").status_code == 303
    assert has(stripe) == {ready: 3000}


def test_too_little_or_no_account_can_not_be_withdrawn(client: Browser, cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 999)
    client.as_person(cast.alice)
    few = client.post("/payouts/alice/withdrawals")
    earn(cast.alice, 1, "ord_cent")
    none = client.post("/payouts/alice/withdrawals")
    assert (few.status_code, "$10.00" in few.text, none.status_code) == (409, True, 409)
    assert (payouts(), stripe.accounts()) == ([], [])


def test_carol_looks_before_she_runs(ready: str, client: Browser, cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 1500)
    client.as_person(cast.carol)
    assert "Run now" in client.get("/admin/payouts").text
    assert payouts() == []

    assert client.post("/admin/payouts/runs").status_code == 303
    run_due_jobs()

    assert has(stripe) == {ready: 1500}
    assert "Run now" not in client.get("/admin/payouts").text
    assert client.as_person(cast.mallory).post("/admin/payouts/runs").status_code == 404


@pytest.mark.usefixtures("ready")
def test_the_command_says_first_and_then_does(app: Flask, cast: Cast) -> None:
    earn(cast.alice, 1500)
    runner = app.test_cli_runner()

    dry = runner.invoke(args=["payouts", "run", "--dry-run"])
    assert (dry.exit_code, "@alice  $15.00  paid" in dry.output, payouts()) == (0, True, [])
    assert "1 payouts of" in runner.invoke(args=["payouts", "run"]).output
    assert states() == ["intended"]


def test_carol_notes_what_she_paid_by_hand(client: Browser, cast: Cast) -> None:
    alice = earn(cast.alice, 1500)
    client.as_person(cast.carol)
    typed = {"handle": "@Alice", "amount": "4.00", "reference": "Wire 7"}

    answers = [client.post("/admin/payouts/by-hand", data=typed).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert [(each.run, each.amount, each.reference) for each in payouts()] == [("by hand", 400, "Wire 7")]
    assert (balance(alice).payable, balance(alice).paid) == (1100, 400)
    assert "Wire 7" in str(last_letter("alice@example.com"))
    assert "Wire 7" in client.as_person(cast.alice).get("/payouts/alice").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "15.01"}, "$15.00 is payable now."),
        ({"amount": "0"}, "Write how much you paid."),
        ({"amount": ""}, "Say how much you paid."),
        ({"handle": "nobody"}, "No workspace has this handle."),
        ({"reference": " "}, "Say how to find it"),
    ],
)
def test_a_note_that_can_not_be_is_refused_beside_its_field(
    client: Browser, cast: Cast, wrong: dict[str, str], said: str
) -> None:
    earn(cast.alice, 1500)
    typed = {"handle": "alice", "amount": "4.00", "reference": "Wire 7", **wrong}

    refused = client.as_person(cast.carol).post("/admin/payouts/by-hand", data=typed)

    assert (refused.status_code, str(escape(said)) in refused.text, payouts()) == (422, True, [])
    assert client.as_person(cast.mallory).post("/admin/payouts/by-hand", data=typed).status_code == 404


@pytest.mark.parametrize(("bank", "state"), [("000123456789", "Arrived"), ("000111111116", "Failed")])
def test_alice_sees_what_stripe_sent_to_her_bank(
    client: Browser, cast: Cast, stripe: Stripe, bank: str, state: str
) -> None:
    account = connected(client, cast.alice, stripe)
    stripe.onboard(account, bank=bank)
    stripe.fund(100_000)
    earn(cast.alice, 1500)
    pay_all()
    stripe.deed("balance/settle")
    stripe.deed("payouts", account=account)
    stripe.deed("clock", advance=10 * 86_400)
    news = [event for event in stripe.events(latest=100) if event["type"].startswith("payout.") and "account" in event]

    for event in (*reversed(news), news[0]):  # in the wrong order, and again
        assert stripe.send(client, event).json["state"] == "handled"

    page = client.as_person(cast.alice).get("/payouts/alice").text
    assert "From Stripe to your bank" in page
    assert state in page.split("From Stripe to your bank")[1]
    assert "From Stripe to your bank" not in client.as_person(cast.bob).get("/payouts/bob").text


def test_the_page_of_earnings_says_when_and_why_not(client: Browser, cast: Cast, stripe: Stripe) -> None:
    earn(cast.alice, 999)
    page = client.as_person(cast.alice)
    assert "less than the minimum, which is $10.00" in page.get("/earnings").text
    earn(cast.alice, 1, "ord_cent")
    assert "payouts are not set up" in page.get("/earnings").text
    connected(client, cast.alice, stripe)
    assert "Payouts go out on" in page.get("/earnings").text


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-30T23:59:59", "2026-12-01"),
        ("2026-12-01T00:00:00", "2027-01-01"),
        ("2026-12-31T12:00:00", "2027-01-01"),
    ],
)
@pytest.mark.usefixtures("app")
def test_the_next_day_of_payouts(now: str, day: str) -> None:
    assert next_day(datetime.fromisoformat(now).replace(tzinfo=UTC)).date().isoformat() == day


@pytest.mark.usefixtures("ready")
def test_a_currency_without_cents_is_paid_in_its_own_units(cast: Cast) -> None:
    """1,000 yen are a thousand minor units, and so are ten dollars."""
    earn(cast.alice, 999, currency="JPY")
    run()
    assert [(each.state, each.reason) for each in payouts()] == [("skipped", "below_minimum")]
    earn(cast.alice, 1, "ord_yen", currency="JPY")
    run()
    assert [(each.state, str(each.money)) for each in payouts()] == [("intended", "¥1,000")]


@pytest.mark.usefixtures("ready")
def test_the_letter_leads_to_a_signed_statement(app: Flask, client: Browser, cast: Cast) -> None:
    app.test_cli_runner().invoke(args=["ledger", "key"])
    earn(cast.alice, 1500)
    pay_all()

    letter = last_letter("alice@example.com")
    assert letter.subject == "$15.00 is on its way to you"
    (statement,) = re.findall(r"\S+/statements/\S+", letter.text)
    opened = client.as_person(cast.alice).get(statement.removeprefix("http://shop.test"))
    assert (opened.status_code, b"<!-- signed" in opened.data) == (200, True)
    assert client.as_person(cast.mallory).get(statement.removeprefix("http://shop.test")).status_code == 404
