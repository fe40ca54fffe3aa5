"""A browser extension copies for bob, and alice's script reads what that brings her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from storefront.copies import pool
from storefront.copies.models import CopyMeter
from storefront.copies.months import end_of
from storefront.copies.services import copy_listing
from storefront.kit.db import db, step
from storefront.kit.money import Money
from storefront.payouts import runs
from tests.api.programs import Program
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer, make_team

MARCH = "2027-03"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_a_copy_says_what_it_cost_and_what_is_left_and_a_refusal_why(app: Flask, cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, "Field Notes", all_access=True)
    make_offer(cast.alice, "Hers Alone")
    extension = Program(app, cast.bob, "library:write")
    here = "/v1/flows/field-notes/copy"
    assert extension.ask("POST", here).get_json()["title"] == "This needs All-Access."
    invoice = pay(subscribe(cast.bob))

    done = extension.ask("POST", here)

    assert done.status_code == 201
    told = done.get_json()
    assert told.pop("id").startswith("cpy_")
    assert told == {"copies_this_month": 1, "copies_remaining": 99, "payout_earned": 7}
    again = extension.ask("POST", f"/v1/flows/{offer.id}/copy")
    assert (again.status_code, again.content_type) == (409, "application/problem+json")
    assert extension.ask("POST", "/v1/flows/hers-alone/copy").status_code == 403
    assert extension.ask("POST", "/v1/flows/nowhere/copy").status_code == 404
    with step():
        db.session.get_one(CopyMeter, (invoice.person_id, MARCH)).used = 100
    make_offer(cast.alice, "One More", all_access=True)
    assert extension.ask("POST", "/v1/flows/one-more/copy").status_code == 429


@sqlite_only
def test_ones_own_work_is_copied_and_credits_nobody(app: Flask, cast: Cast) -> None:
    set_clock(LAW)
    make_offer(cast.alice, "Field Notes", all_access=True)
    pay(subscribe(cast.alice))

    own = Program(app, cast.alice, "library:write").ask("POST", "/v1/flows/field-notes/copy")

    told = own.get_json()
    assert (told["copies_this_month"], told["copies_remaining"], told["payout_earned"]) == (0, 100, 0)


def test_a_month_is_open_then_closed_then_paid(app: Flask, cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, all_access=True)
    pay(subscribe(cast.bob))
    with step():
        copy_listing(offer, by=cast.bob)
    script = Program(app, cast.alice, "earnings:read")

    def told() -> str:
        return script.ask("GET", "/v1/creators/me/earnings").text.replace(" ", "").strip()

    month = '{"amount_cents":7,"billing_month":"2027-03","copy_count":1,"status":"%s"}'
    whole = '{"account_balance_dollars":%s,"monthly_earnings":[' + month + '],"total_earnings_dollars":0.07}'
    assert told() == whole % ("0.00", "open")
    set_clock(end_of(MARCH) + pool.SETTLING)
    pool.close(MARCH)
    assert told() == whole % ("0.07", "closed")
    with step():
        hers = cast.workspace(cast.alice)
        runs.pay_by_hand(hers, Money(7, "USD"), "By check", by=cast.carol)
    assert told() == whole % ("0.00", "paid")


@sqlite_only
def test_earnings_are_those_of_a_workspace_one_is_in(app: Flask, cast: Cast) -> None:
    set_clock(LAW + timedelta(days=1))
    offer = make_offer(cast.alice, all_access=True, into=make_team(cast.alice, "press", viewer=cast.bob))
    pay(subscribe(cast.mallory))
    with step():
        copy_listing(offer, by=cast.mallory)
    here = "/v1/creators/me/earnings"

    assert Program(app, cast.bob, "*").ask("GET", f"{here}?workspace=press").get_json()["monthly_earnings"]
    assert Program(app, cast.bob, "*").ask("GET", here).get_json()["monthly_earnings"] == []
    assert Program(app, cast.mallory, "*").ask("GET", f"{here}?workspace=press").status_code == 404
