"""alice sees what copies bring her, month by month and work by work; no member is named, and mallory sees nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storefront.catalog.models import Listing
from storefront.copies import earnings, jobs, pool
from storefront.copies.models import PoolMonth, PoolStatement
from storefront.copies.months import end_of
from storefront.copies.services import copy_listing
from storefront.kit import clock
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, give_back, pay, set_clock, subscribe
from tests.worlds import make_offer

MARCH = "2027-03"
PAGE = f"/earnings/alice/copies/{MARCH}"


def test_alice_reads_the_statement_of_a_month(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    tables, ferry = (make_offer(cast.alice, title, all_access=True) for title in ("=Tide Tables", "Ferry Lines"))
    invoice = pay(subscribe(cast.bob))
    pay(subscribe(cast.mallory))
    subscribe(cast.carol, status="trialing")
    with step():
        for listing, by in ((tables, cast.bob), (tables, cast.mallory), (tables, cast.carol), (ferry, cast.bob)):
            copy_listing(listing, by=by)
    alice = client.as_person(cast.alice)
    assert "So far" in alice.get("/earnings").text

    set_clock(end_of(MARCH) + pool.SETTLING)
    pool.close(MARCH)
    give_back(invoice, 990)  # 10 of bob's 14 cents are covered

    page = alice.get(PAGE).text
    assert "$0.17" in page
    assert 'href="/earnings" aria-current="page">Earnings' in page
    assert not any(name in page for name in (cast.bob.email, cast.bob.name, invoice.stripe_id))
    assert alice.get(f"{PAGE}.csv").text.splitlines()[1:] == [
        "2027-03,'=Tide Tables,'=tide-tables,3,2,0.14,USD",
        "2027-03,Ferry Lines,ferry-lines,1,1,0.07,USD",
        "2027-03,Went back with payments,,,,-0.04,USD",
    ]
    assert "$0.17" in alice.get("/earnings").text
    assert client.as_person(cast.mallory).get(PAGE).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_page_of_earnings_reads_the_log(client: Browser, cast: Cast, count_statements: Callable[..., Any]) -> None:
    set_clock(LAW)
    pay(subscribe(cast.bob))
    with step():
        copy_listing(make_offer(cast.alice, all_access=True), by=cast.bob)
    alice = client.as_person(cast.alice)
    alice.get("/earnings")

    with count_statements() as statements:
        assert "$0.07" in alice.get("/earnings").text
        assert "$0.07" in alice.get("/earnings/alice/copies").text
        assert "$0.07" in alice.get(PAGE).text
    assert any("copy_tallies" in statement for statement in statements)
    assert [statement for statement in statements if re.search(r"\b(FROM|JOIN) copies\b", statement)] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_months_and_works_are_paged_by_keys(client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(LAW)
    monkeypatch.setattr(earnings, "PAGE", 2)
    offers = [make_offer(cast.alice, f"Notes {number}", all_access=True) for number in range(3)]
    pay(subscribe(cast.bob))
    hers = cast.workspace(cast.alice)
    with step():
        for offer in offers:
            copy_listing(offer, by=cast.bob)
        for month in ("2026-11", "2026-12", "2027-01"):
            db.session.add(PoolMonth(month=month, closed_at=clock.now() - timedelta(days=20)))
            row = {"workspace_id": hers.id, "currency": "USD", "copies": 1, "amount": 7, "returned": 0}
            db.session.add(PoolStatement(month=month, **row))

    first = earnings.works_page(hers, MARCH)
    second = earnings.works_page(hers, MARCH, first.next)
    assert [work.title for work in (*first.rows, *second.rows)] == ["Notes 0", "Notes 1", "Notes 2"]
    assert second.next is None
    newest = earnings.months_page(hers)
    oldest = earnings.months_page(hers, newest.next)
    assert [each.month for each in (*newest.rows, *oldest.rows)] == [MARCH, "2027-01", "2026-12", "2026-11"]
    page = client.as_person(cast.alice).get("/earnings/alice/copies").text
    assert "Show earlier months" in page
    assert client.get("/earnings/alice/copies?after=made-up").status_code == 400


def test_a_listing_says_how_often_it_was_copied(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, "Field Notes", all_access=True)
    pay(subscribe(cast.bob))
    pay(subscribe(cast.mallory))
    for by in (cast.bob, cast.mallory):
        with step():
            copy_listing(offer, by=by)

    jobs.count()

    assert db.session.get_one(Listing, offer.id, populate_existing=True).copies == 2
    assert "2 times" in client.get("/listings/field-notes").text
