"""A month is closed: every cent of a paid invoice goes to creators or the shop, once, and back if the money does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.copies import pool
from storefront.copies.earnings import monthly_earnings
from storefront.copies.models import PoolInvoice, PoolRest, PoolReturn, PoolStatement
from storefront.copies.months import end_of
from storefront.copies.returns import shares_of
from storefront.kit.db import db, step
from storefront.ledger.models import Posting
from storefront.subscriptions.models import SubscriptionInvoice
from tests.at_once import all_at_once, twice_at_once
from tests.cast import Cast
from tests.copies.worlds import LAW, give_back, log, pay, set_clock, subscribe
from tests.ledger.worlds import balance, standing
from tests.worlds import make_offer

START = datetime(2027, 3, 1, tzinfo=UTC)


def test_fifty_copies_pay_350_and_650_however_often_a_month_is_closed(app: Flask, cast: Cast) -> None:
    set_clock(START)
    invoice = pay(subscribe(cast.bob, START), START)
    with step():  # one listing stands for fifty, so that the test need not publish them
        log(invoice, make_offer(cast.alice, all_access=True), START, amount=50 * 7)
    with pytest.raises(pool.MonthNotOver):
        pool.close("2027-03")
    set_clock(end_of("2027-03") + pool.SETTLING)

    assert sorted(twice_at_once(app, lambda: pool.close("2027-03"))) == [False, True]

    hers = cast.workspace(cast.alice)
    assert balance(hers).payable == 350
    assert [(each.month, each.amount.amount) for each in monthly_earnings(hers)] == [("2027-03", 350)]
    assert (standing("platform_revenue"), standing("pool")) == (650, -1000)  # the payment itself is not booked here

    give_back(invoice, 1000)  # after the close
    give_back(invoice, 1000)
    assert balance(hers).payable == 0
    assert standing("pool") == 0


def test_money_that_comes_again_is_given_again_however_often_it_goes(app: Flask, cast: Cast) -> None:
    set_clock(START)
    invoice = pay(subscribe(cast.bob, START), START)
    with step():
        log(invoice, make_offer(cast.alice, all_access=True), START, amount=350)
    set_clock(end_of("2027-03") + pool.SETTLING)
    pool.close("2027-03")
    hers = cast.workspace(cast.alice)

    for _turn in range(2):  # a refund that failed afterwards, or a dispute that was won
        give_back(invoice, 800)
        assert (balance(hers).payable, monthly_earnings(hers)[0].amount.amount) == (200, 200)
        assert standing("pool") == -200
        give_back(invoice, 0)
        assert (balance(hers).payable, monthly_earnings(hers)[0].amount.amount) == (350, 350)
        assert standing("pool") == -1000


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_invoice_of_two_months_is_settled_with_the_later_and_months_close_in_order(cast: Cast) -> None:
    set_clock(LAW)
    invoice = pay(subscribe(cast.bob))
    offer = make_offer(cast.alice, all_access=True)
    with step():
        log(invoice, offer, LAW)
        log(invoice, offer, LAW + timedelta(days=13))
    set_clock(end_of("2027-04") + pool.SETTLING)
    with pytest.raises(pool.EarlierMonthOpen):
        pool.close("2027-04")

    pool.close("2027-03")
    assert (balance(cast.workspace(cast.alice)).payable, standing("platform_revenue")) == (7, 0)
    give_back(invoice, 990)  # 10 cents are left: 7 were given, 3 remain for April's copy
    pool.close("2027-04")
    assert balance(cast.workspace(cast.alice)).payable == 10
    assert standing("pool") == -10


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_close_that_is_killed_half_way_did_not_happen(cast: Cast) -> None:
    set_clock(START)
    invoice = pay(subscribe(cast.bob, START), START)
    with step():
        log(invoice, make_offer(cast.alice, all_access=True), START)
    set_clock(end_of("2027-03") + pool.SETTLING)

    def kill(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT INTO pool_invoices" in statement:  # creators have theirs, the platform not yet
            raise KeyboardInterrupt

    sa.event.listen(db.engine, "before_cursor_execute", kill)
    try:
        with pytest.raises(KeyboardInterrupt):
            pool.close("2027-03")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", kill)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Posting)) == 0

    assert pool.close("2027-03")
    assert (balance(cast.workspace(cast.alice)).payable, standing("platform_revenue")) == (7, 993)


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 1500),  # paid, and the percent of it that is tax
        st.integers(0, 30),
        st.integers(0, 100),  # percent of it that goes back, before and after the closes
        st.integers(0, 100),
        st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=8),  # month and listing of each copy
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_whatever_was_copied_and_went_back_every_cent_is_given_once(app: Flask, cast: Cast) -> None:
    dora = cast.person("Dora", plan="studio")
    offers = [make_offer(by, f"Notes {n}", all_access=True) for n, by in enumerate([cast.alice, dora] * 2)]
    years, people = count(2028), count()

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    def holds(histories: list[tuple[int, int, int, int, set[tuple[int, int]]]]) -> None:
        start = datetime(next(years), 3, 20, tzinfo=UTC)
        set_clock(start)
        invoices, before = [], standing("pool")
        for amount, percent, early, late, copied in histories:
            tax = amount * percent // 100
            invoice = pay(subscribe(cast.person(f"Member{next(people)}"), start), start, amount=amount, tax=tax)
            with step():
                for month, offer in sorted(copied)[: (amount - tax) // 50]:
                    log(invoice, offers[offer], start + timedelta(days=13 * month), amount=50)
            give_back(invoice, amount * early // 100)
            invoices.append((invoice, max(early, late)))
        set_clock(start + timedelta(days=60))
        pool.close_due()
        for invoice, most in invoices:
            give_back(invoice, invoice.amount * most // 100)
        pool.close_due()
        assert before - standing("pool") == sum(_given(invoice) for invoice, _most in invoices)
        _see_that_sums_are_right()
        for invoice, _most in invoices:
            give_back(invoice, 0)
        assert before - standing("pool") == sum(_given(invoice) for invoice, _most in invoices)
        _see_that_sums_are_right()

    holds()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_money_that_goes_back_in_the_middle_of_a_close_is_taken_back_after_it(app: Flask, cast: Cast) -> None:
    set_clock(START)
    invoice = pay(subscribe(cast.bob, START), START)
    with step():
        log(invoice, make_offer(cast.alice, all_access=True), START, amount=350)
    set_clock(end_of("2027-03") + pool.SETTLING)
    halfway, is_back = Event(), Event()

    def pause(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT INTO postings" in statement and not halfway.is_set():  # the close knows what went back
            halfway.set()
            is_back.wait(0.5)

    def return_it() -> None:
        halfway.wait(30)
        give_back(invoice, 800)
        is_back.set()

    sa.event.listen(db.engine, "before_cursor_execute", pause)
    try:
        all_at_once(app, [lambda: pool.close("2027-03"), return_it])
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", pause)

    db.session.expire_all()
    assert (balance(cast.workspace(cast.alice)).payable, _given(invoice), standing("pool")) == (200, 200, -200)
    _see_that_sums_are_right()


def _see_that_sums_are_right() -> None:
    """What is kept beside the log, for pages to read, says what the log and the payments say."""
    db.session.expire_all()
    returned = sa.select(PoolReturn.invoice_id, sa.func.sum(PoolReturn.amount)).group_by(PoolReturn.invoice_id)
    gone = {row[0]: int(row[1]) for row in db.session.execute(returned)}
    given = db.session.scalars(sa.select(PoolInvoice)).all()
    assert all(each.returned == gone.get(each.invoice_id, 0) for each in given)
    stated, kept = (
        int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(column), 0))) or 0)
        for column in (PoolStatement.amount - PoolStatement.returned, PoolRest.amount)
    )
    assert stated == sum(each.credited - each.returned for each in given)
    assert kept == sum(each.kept for each in given)


def _given(invoice: SubscriptionInvoice) -> int:
    """What an invoice was given to creators and the platform; it is what the shop has of it."""
    found = db.session.get_one(SubscriptionInvoice, invoice.id)
    shares = shares_of(found)
    given = sum(share.amount - share.returned for share in shares)
    kept = db.session.scalar(sa.select(PoolInvoice.kept).where(PoolInvoice.invoice_id == invoice.id)) or 0
    assert kept >= 0
    assert all(0 <= share.returned <= share.amount for share in shares)
    assert given + kept == found.net.amount
    return given + kept
