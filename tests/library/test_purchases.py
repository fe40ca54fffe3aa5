"""``/library/purchases``: what was paid for, as a table and as CSV."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.checkout.services import expire, fulfil, open_order
from storefront.kit.db import db, step
from storefront.kit.money import decimal_text
from storefront.library.purchases import purchases_of
from storefront.payments.gateway import CheckoutSession
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.stripe_words import session_body
from tests.library.holding import finish, hold
from tests.worlds import make_offer


def test_bob_sees_what_he_paid_and_not_what_was_free(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice, "Field Notes"))
    hold(cast.bob, make_offer(cast.alice, "Gift", price=0))

    page = client.as_person(cast.bob).get("/library/purchases").text

    assert license.number in page
    assert "$12.00" in page
    assert "Gift" not in page


def test_a_refund_shows_in_the_list(client: Browser, cast: Cast) -> None:
    finish(hold(cast.bob, make_offer(cast.alice)), "refunded")
    assert [purchase.state for purchase in purchases_of(cast.bob).rows] == ["refunded"]
    assert "Refunded" in client.as_person(cast.bob).get("/library/purchases").text


def test_a_payment_nobody_wanted_is_shown_going_back(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        left_open, _stale = open_order(listing, cast.bob)
        paid_late = session_body(left_open)
        expire(left_open)
    hold(cast.bob, listing)
    with step():
        fulfil(CheckoutSession.from_dict(paid_late))

    assert [purchase.state for purchase in purchases_of(cast.bob).rows] == ["completed", "unwanted"]
    assert "Going back" in client.as_person(cast.bob).get("/library/purchases").text


def test_nothing_bought_yet(client: Browser, cast: Cast) -> None:
    assert "You have bought nothing yet" in client.as_person(cast.bob).get("/library/purchases").text


def test_the_latest_purchases_stand_below_the_works(client: Browser, cast: Cast) -> None:
    for number in range(5):
        hold(cast.bob, make_offer(cast.alice, f"Work {number}"))
    page = client.as_person(cast.bob).get("/library").text
    assert "All 5 purchases" in page


def test_the_csv_holds_every_purchase(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))

    answer = client.as_person(cast.bob).get("/library/purchases.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=purchases.csv"
    heading, row = csv.reader(io.StringIO(answer.text))
    assert heading == ["Work", "Date", "Number", "State", "Paid", "Currency"]
    assert (row[0], row[2], row[3], row[4], row[5]) == (
        "Field Notes", license.number, "completed", "12.00", "USD",
    )  # fmt: skip


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_title_is_no_formula_in_a_spreadsheet(client: Browser, cast: Cast, title: str) -> None:
    hold(cast.bob, make_offer(cast.alice))
    with step():
        db.session.execute(sa.update(Listing).values(title=title))

    _heading, row = csv.reader(io.StringIO(client.as_person(cast.bob).get("/library/purchases.csv").text))
    assert row[0] == f"'{title}"


def test_mallory_gets_none_of_bobs_purchases(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice))
    assert "Field Notes" not in client.as_person(cast.mallory).get("/library/purchases").text
    assert "Field Notes" not in client.get("/library/purchases.csv").text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1200, "USD", "12.00"), (5, "USD", "0.05"), (1200, "JPY", "1200"), (12345, "KWD", "12.345")],
)
def test_amounts_are_decimals_of_their_currency(amount: int, currency: str, text: str) -> None:
    assert decimal_text(amount, currency) == text
