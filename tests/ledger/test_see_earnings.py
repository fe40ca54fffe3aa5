"""Alice sees what she earned, and why; mallory sees nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from storefront.checkout.models import Order
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.ledger import sealing, services
from storefront.ledger.earnings import next_month, years_of
from tests.analytics.looking import change_plan
from tests.browser import Browser
from tests.cast import Cast
from tests.ledger.worlds import mature, usd
from tests.library.holding import give_back, hold
from tests.worlds import make_offer, make_team

MoveClock = Callable[[timedelta], None]


def order_id() -> str:
    return db.session.scalars(sa.select(Order.public_id).order_by(Order.id.desc()).limit(1)).one()


def test_a_creator_without_sales_is_led_on(client: Browser, cast: Cast) -> None:
    assert "Nothing was earned yet." in client.as_person(cast.alice).get("/earnings").text
    page = client.as_person(cast.bob).get("/earnings").text
    assert "Setting a price is part of Studio." in page


def test_held_then_payable_then_paid(client: Browser, cast: Cast, move_clock: MoveClock) -> None:
    hold(cast.bob, make_offer(cast.alice))
    page = client.as_person(cast.alice).get("/earnings").text
    assert "Nothing is payable in USD now." in page
    due = clock.now() + timedelta(days=7)
    assert f"{due.day} {due:%B %Y}" in page
    move_clock(timedelta(days=7))
    mature()
    assert "It pays <b" in client.get("/earnings").text

    with step():
        hers = cast.workspace(cast.alice).id
        services.book_payout_intent("pay_1", workspace_id=hers, amount=usd(1020))
        services.book_payout_sent("pay_1", workspace_id=hers, amount=usd(1020), reference="tr_1")

    page = client.get("/earnings").text
    assert "Sent to you" in page
    assert "Nothing is payable in USD now." in page


def test_every_sale_leads_to_its_postings(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice, "Tide Tables"))
    sale = f"/earnings/alice/sales/{order_id()}"
    assert sale in client.as_person(cast.alice).get("/earnings").text
    give_back(license)
    sealing.seal_all()

    page = client.get(sale).text

    for words in (
        "Your share of a sale",
        "The shop&#39;s fee on a sale",
        "Your share given back",
        "All of it went back",
    ):
        assert words in page
    assert "Refunded" in client.get("/earnings").text


def test_mallory_sees_no_sale_and_no_statement_of_alice(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    month = f"{clock.now():%Y-%m}"
    client.as_person(cast.mallory)

    for address in (
        "/earnings?workspace=alice", f"/earnings/alice/sales/{order_id()}", f"/earnings/mallory/sales/{order_id()}",
        f"/earnings/alice/statements/{month}.json",
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    assert client.get("/api/me/revenue").json == {
        "currency": "USD",
        "workspaces": [{"handle": "mallory", "name": "Mallory", "balances": [], "months": []}],
    }


def test_a_team_has_earnings_of_its_own(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.carol)
    hold(cast.bob, make_offer(cast.alice, "Ours", price=1000, into=team))

    assert "$8.50" in client.as_person(cast.carol).get("/earnings?workspace=press").text
    assert "$8.50" not in client.as_person(cast.alice).get("/earnings?workspace=alice").text


def test_who_left_studio_still_sees_what_they_earned(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    change_plan(cast.alice, "free")

    assert "$10.20" in client.as_person(cast.alice).get("/earnings").text


def test_months_add_up(cast: Cast, move_clock: MoveClock) -> None:
    hers = cast.workspace(cast.alice)
    hold(cast.bob, make_offer(cast.alice, "One"))
    first = clock.now().date().replace(day=1)
    move_clock(timedelta(days=(next_month(first) - clock.now().date()).days))
    license = hold(cast.bob, make_offer(cast.alice, "Two"))
    hold(cast.carol, make_offer(cast.alice, "Three"))
    give_back(license)
    with step():
        services.book_payout_intent("pay_1", workspace_id=hers.id, amount=usd(500))
        services.book_payout_sent("pay_1", workspace_id=hers.id, amount=usd(500), reference="tr_1")
        services.book_adjustment("adj_1", workspace_id=hers.id, amount=usd(-20), reason="Fee", by=cast.carol)

    year = years_of(hers.id)["USD"]

    assert len(year.months) == 12
    before, now = year.months[-2:]
    assert (before.sales, before.earned, before.back) == (1, 1020, 0)
    assert (now.sales, now.earned, now.back, now.paid, now.other) == (2, 2040, 1020, 500, -20)


def test_revenue_as_json(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    answer = client.as_person(cast.alice).get("/api/me/revenue")

    (workspace,) = json.loads(answer.data)["workspaces"]
    assert workspace["balances"] == [
        {"currency": "USD", "held": 1020, "payable": 0, "reserved": 0, "in_transit": 0, "paid": 0, "spent": 0}
    ]
    (month,) = workspace["months"]
    assert (month["sales"], month["earned"]) == (1, 1020)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_costs_the_same_however_much_was_sold(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    def cost() -> int:
        client.as_person(cast.alice).get("/earnings")
        with count_statements() as statements:
            client.get("/earnings")
        return len(statements)

    hold(cast.bob, make_offer(cast.alice, "One"))
    once = cost()
    for number in range(4):
        hold(cast.bob, make_offer(cast.alice, f"More {number}"))

    assert cost() == once


def test_operators_see_that_both_sides_are_the_same(client: Browser, cast: Cast, app: Any) -> None:
    assert "Nothing was booked yet." in client.as_person(cast.carol).get("/admin/finance").text
    give_back(hold(cast.bob, make_offer(cast.alice)))
    hold(cast.mallory, make_offer(cast.alice, "Two", price=2000))
    assert app.test_cli_runner().invoke(args=["ledger", "check"]).exit_code == 0

    page = client.get("/admin/finance").text

    assert "The books are right." in page
    assert page.count("$21.80") == 2  # debits and credits: $20.00 with Stripe and a fee of $1.80 given back
    assert client.as_person(cast.alice).get("/admin/finance").status_code == 404
