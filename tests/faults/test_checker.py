"""The checker: a shop that kept its promises passes, and each promise that is broken is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.checkout import getting, jobs
from storefront.checkout.models import Order
from storefront.kit import migrations
from storefront.kit.db import db, settle_reads, step
from storefront.kit.jobs import run_due_jobs
from storefront.sandbox.server import RunningSandbox
from tests.cast import Cast
from tests.faults.books import Books, read_books
from tests.faults.checker import PROMISES, Shop, broken_promises, read_shop
from tests.rows import right_row
from tests.stripe import Stripe
from tests.worlds import make_offer


class Street:
    """One paid order, one that waits with its page open, a free license; and both sides' books as they stand."""

    def __init__(self, app: Flask, cast: Cast, stripe: Stripe, sandbox: RunningSandbox) -> None:
        self.stripe = stripe
        self.mail = Path(app.config["MAIL_FOLDER"])
        self.file = sandbox.parts.store.path
        paid, waiting, free = (
            make_offer(cast.alice, title, price=price)
            for title, price in (("Field Notes", 1200), ("Late Notes", 900), ("Free Notes", 0))
        )
        for listing in (paid, waiting, free):
            getting.get(listing.slug, cast.bob, price=listing.price, currency="USD")
        self.paid = self.order(paid.id)
        self.waiting = self.order(waiting.id)
        settle_reads()
        self.stripe.pay(self.paid.session_id or "")
        getting.confirm(self.paid.session_id or "", cast.bob)
        run_due_jobs()

    def order(self, listing_id: int) -> Order:
        return db.session.scalars(sa.select(Order).where(Order.listing_id == listing_id)).one()

    def shop(self) -> Shop:
        with db.engine.connect() as connection:
            return read_shop(connection, self.mail)

    def books(self) -> Books:
        return read_books(self.file)

    def broken(self, books: Books | None = None) -> dict[str, str]:
        """What the checker names: a promise and the first thing that breaks it."""
        settle_reads()
        found = broken_promises(self.shop(), books or self.books())
        return {each.promise: each.what for each in reversed(found)}

    def do(self, *statements: str) -> None:
        """Change the shop's rows behind its back."""
        with step():
            for statement in statements:
                db.session.execute(sa.text(statement))

    def add(self, table: str, **changed: Any) -> None:
        with step():
            db.session.execute(migrations.metadata().tables[table].insert().values(right_row(table, 99) | changed))


@pytest.fixture
def street(app: Flask, cast: Cast, stripe: Stripe, running_sandbox: RunningSandbox) -> Street:
    return Street(app, cast, stripe, running_sandbox)


def test_a_shop_that_kept_its_promises_passes(street: Street) -> None:
    assert street.broken() == {}
    assert (len(street.shop().licenses), len(street.shop().clones), len(street.books().paid_sessions)) == (2, 2, 1)


BREAKS: dict[str, tuple[str, ...]] = {
    "Every paid session has one license, or its money went back": (
        "UPDATE orders SET status = 'expired', license_id = NULL WHERE status = 'paid'",
        "DELETE FROM clones WHERE license_id IN (SELECT id FROM licenses WHERE amount > 0)",
        "DELETE FROM licenses WHERE amount > 0",
    ),
    "Nobody holds what was not paid": ("UPDATE licenses SET payment_intent = 'pi_none' WHERE amount > 0",),
    "Every license has one first clone": ("UPDATE clones SET is_first = false",),
    "A license belongs to one order, and a paid order has its license": (
        "UPDATE orders SET status = 'refunded', license_id = NULL WHERE status = 'paid'",
    ),
    "An order's amounts are Stripe's": ("UPDATE orders SET amount = amount + 1, fee = fee + 1 WHERE status = 'paid'",),
    "A paid order knows its charge and what Stripe kept of it": ("UPDATE orders SET stripe_fee = 0",),
    "A session that can be paid belongs to the open order that leads to it": (
        "UPDATE orders SET status = 'expired' WHERE status = 'open'",
    ),
    "The counts on a listing are those of its rows": ("UPDATE listings SET sales = sales + 1",),
}


@pytest.mark.parametrize("promise", BREAKS)
def test_a_row_that_breaks_a_promise_is_named(street: Street, promise: str) -> None:
    street.do(*BREAKS[promise])

    assert promise in street.broken()


def test_money_that_went_back_unheard_of_is_named(street: Street) -> None:
    street.stripe.refund(street.paid.payment_intent or "")

    what = street.broken()["Every paid session has one license, or its money went back"]
    assert what == f"{street.paid.session_id} got its money back and {street.paid.public_id} is paid"


def test_an_open_order_whose_session_is_closed_is_named(street: Street) -> None:
    street.stripe.expire(street.waiting.session_id or "")

    what = street.broken()["One order is open for a buyer and a listing, and none whose session is closed"]
    assert what == f"{street.waiting.public_id} is open and its session is expired"


def test_two_open_orders_are_named(street: Street) -> None:
    """No database lets them in; the checker does not lean on that."""
    shop = street.shop()
    twice = [*shop.orders, *(order for order in shop.orders if order.status == "open")]

    promise = "One order is open for a buyer and a listing, and none whose session is closed"
    assert list(PROMISES[promise](replace(shop, orders=twice), street.books())) == [
        f"person {street.waiting.buyer_id} has 2 open orders for listing {street.waiting.listing_id}"
    ]


@pytest.mark.parametrize("state", ["kept", "failed", "parked"])
def test_an_event_left_without_a_reason_is_named(street: Street, state: str) -> None:
    street.add("stripe_events", state=state)
    sent = replace(street.books(), delivered=frozenset({"evt_99"}))

    assert list(street.broken(sent)) == ["Every event was handled, or says why not"]


def test_an_event_parked_with_its_reason_is_not(street: Street) -> None:
    street.add("stripe_events", state="parked", reason="It names an order that this shop does not have.")

    assert street.broken(replace(street.books(), delivered=frozenset({"evt_99"}))) == {}


def test_events_that_were_lost_made_up_or_still_wait_are_named(street: Street) -> None:
    promise, books = "What was sent is kept, once, and nothing else is", street.books()
    lost = replace(books, delivered=frozenset({"evt_1"}))
    assert street.broken(lost) == {promise: "evt_1 was delivered and is not kept"}
    waits = replace(books, undelivered=frozenset({"evt_1"}))
    assert street.broken(waits) == {promise: "evt_1 is still on its way"}

    street.add("stripe_events", state="ignored")
    assert street.broken() == {promise: "evt_99 is kept and was never sent"}
    assert street.broken(replace(books, swallowed=frozenset({"evt_99"}))) == {}


def test_a_job_left_over_is_named(street: Street) -> None:
    street.add("jobs", name="mail.deliver", attempts=12, error="SMTPServerDisconnected")

    assert street.broken() == {"No job is left over": "job 99 mail.deliver after 12 attempts: SMTPServerDisconnected"}


def test_what_is_recorded_twice_is_named(street: Street) -> None:
    street.add("events", name="order.paid", subject_type="orders", subject_id=street.paid.id)

    assert street.broken() == {
        "What happened is recorded, once": f"order.paid of {street.paid.id} is recorded 2 times, not 1"
    }


@pytest.mark.parametrize("letters", [0, 2])
def test_a_letter_too_few_or_too_many_is_named(street: Street, letters: int) -> None:
    (letter,) = (each for each in street.mail.glob("*.eml") if "is yours" in each.read_text())
    if letters:
        shutil.copy(letter, letter.with_name("20260101T000000000000-aaaaaa.eml"))
    else:
        letter.unlink()

    what = street.broken()["A buyer gets one letter of receipt for an order"]
    assert what.endswith(f"has {letters} letters")


def test_money_made_or_lost_is_named(street: Street) -> None:
    books = street.books()
    made = {**books.balances, ("platform", "usd"): books.balances["platform", "usd"] + 1}
    spent = {**made, ("customers", "usd"): books.balances["customers", "usd"] - 1}
    promise = "Money is neither made nor lost"

    assert street.broken(replace(books, balances=made)) == {promise: "all accounts sum to 1 usd"}
    assert street.broken(replace(books, balances=spent)) == {
        promise: "customers spent 1201 usd, their charges say 1200"
    }


def test_after_everything_was_swept_up_it_passes_too(
    street: Street, move_clock: Callable[..., None], running_sandbox: RunningSandbox
) -> None:
    """The order that waits is given up with its session."""
    running_sandbox.move_clock(7200)
    move_clock(timedelta(hours=2))
    settle_reads()
    jobs.sweep()

    assert street.broken() == {}
    settle_reads()
    assert street.order(street.waiting.listing_id).status == "expired"
