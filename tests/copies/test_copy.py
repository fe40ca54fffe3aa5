"""bob has All-Access and copies what alice made; however he clicks, the limit and the log are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.copies.models import Copy, CopyMeter, PoolInvoice
from storefront.copies.queries import copies_of, used_in
from storefront.copies.services import CopiedAlready, LimitReached, NotInAllAccess, PassNeeded, copy_listing
from storefront.kit.db import db, step
from storefront.kit.errors import Refusal
from tests.api.programs import Program
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer

MARCH, APRIL = "2027-03", "2027-04"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def copy(listing: Listing, by: Person) -> Copy:
    with step():
        return copy_listing(listing, by=by)


def tries(listing_id: int, person_id: int) -> Callable[[], int]:
    """What a click answers, as an HTTP status."""

    def click() -> int:
        try:
            with step():
                listing, person = db.session.get(Listing, listing_id), db.session.get(Person, person_id)
                assert listing
                assert person
                copy_listing(listing, by=person)
        except Refusal as refusal:
            return refusal.status
        return 201

    return click


def test_however_many_at_once_the_limit_holds_and_a_listing_is_copied_once(app: Flask, cast: Cast) -> None:
    set_clock(LAW)
    invoice = pay(subscribe(cast.bob))
    offers = [make_offer(cast.alice, f"Notes {n}", all_access=True).id for n in range(8)]
    with step():  # 95 of the month's 100 are used, some by an invoice before
        db.session.add(CopyMeter(person_id=cast.bob.id, month=MARCH, used=95))
        db.session.add(PoolInvoice(invoice_id=invoice.id, used=50, credited=350, kept=0, currency="USD"))
    bob = cast.bob.id

    answers = all_at_once(app, [tries(offer, bob) for offer in offers])

    assert sorted(answers) == [201] * 5 + [429] * 3
    assert used_in(cast.bob, MARCH) == 100
    assert [(each.reason, each.amount) for each in copies_of(cast.bob, MARCH)] == [("", 7)] * 5

    set_clock(LAW + timedelta(days=13))
    with step():
        db.session.execute(sa.update(PoolInvoice).values(used=90, credited=630))
    again = all_at_once(app, [tries(offers[0], bob)] * 6)

    assert sorted(again) == [201] + [409] * 5
    assert len(copies_of(cast.bob, APRIL)) == 1


@sqlite_only
def test_who_may_not_copy_hears_why(cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, all_access=True)
    with pytest.raises(PassNeeded):
        copy(offer, cast.bob)
    pay(subscribe(cast.bob, cancel_at=LAW + timedelta(hours=1)))
    with pytest.raises(NotInAllAccess):
        copy(make_offer(cast.alice, "Hers alone"), cast.bob)
    copy(offer, cast.bob)
    with pytest.raises(CopiedAlready):
        copy(offer, cast.bob)
    set_clock(LAW + timedelta(hours=1))  # the second in which the pass ends
    with pytest.raises(PassNeeded):
        copy(make_offer(cast.alice, "Too late", all_access=True), cast.bob)


@sqlite_only
def test_a_copy_without_credit_says_why(cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, all_access=True)
    pay(subscribe(cast.alice))
    own = copy(offer, cast.alice)
    subscribe(cast.bob, status="trialing")
    trial = copy(offer, cast.bob)
    pay(subscribe(cast.mallory), amount=6)  # a coupon left less than a credit
    spent = copy(offer, cast.mallory)

    assert [(each.reason, each.amount) for each in (own, trial, spent)] == [
        ("own_work", 0), ("no_invoice", 0), ("spent", 0),
    ]  # fmt: skip
    assert [used_in(person, MARCH) for person in (cast.alice, cast.bob, cast.mallory)] == [0, 1, 1]


@sqlite_only
def test_an_invoice_that_touches_two_months_pays_for_its_hundred_only(cast: Cast) -> None:
    set_clock(LAW)
    invoice = pay(subscribe(cast.bob))
    with step():
        db.session.add(PoolInvoice(invoice_id=invoice.id, used=100, credited=700, kept=0, currency="USD"))
    set_clock(LAW + timedelta(days=13))  # April's meter is fresh, the invoice is not

    with pytest.raises(LimitReached):
        copy(make_offer(cast.alice, all_access=True), cast.bob)


def test_where_the_shop_lets_more_pass_copy_101_counts_for_nobody_and_says_so(
    app: Flask, client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], overflow="unpaid"))
    set_clock(LAW)
    invoice = pay(subscribe(cast.bob))
    for title in ("The hundredth", "The next"):
        make_offer(cast.alice, title, all_access=True)
    with step():
        db.session.add(CopyMeter(person_id=cast.bob.id, month=MARCH, used=99))
        db.session.add(PoolInvoice(invoice_id=invoice.id, used=99, credited=99 * 7, kept=0, currency="USD"))
    extension = Program(app, cast.bob, "library:write")

    last, more = (extension.ask("POST", f"/v1/flows/{slug}/copy") for slug in ("the-hundredth", "the-next"))

    assert (last.status_code, more.status_code) == (201, 201)
    counted, told = last.get_json(), more.get_json()
    assert (counted["payout_earned"], counted["copies_remaining"]) == (7, 0)
    assert (told["payout_earned"], told["copies_remaining"], told["copies_this_month"]) == (0, 0, 100)
    assert [(each.reason, each.amount) for each in copies_of(cast.bob, MARCH)] == [("overflow", 0), ("", 7)]
    assert db.session.scalars(sa.select(PoolInvoice.credited)).one() == 700
    page = client.as_person(cast.bob).get(f"/copies/{told['id']}").text
    assert "It is past this month's limit, so it does not count." in page.replace("&#39;", "'")
    assert "does not count" not in client.get(f"/copies/{counted['id']}").text
