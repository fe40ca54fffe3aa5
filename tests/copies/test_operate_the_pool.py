"""carol sees what a month would give before it is closed, closes it, and is told what looks odd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.copies import gaming, pool
from storefront.copies.models import PoolFlag
from storefront.copies.months import end_of
from storefront.copies.overview import month_closed
from storefront.copies.preview import next_to_close, preview
from storefront.copies.services import copy_listing
from storefront.kit import clock
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, give_back, log, pay, set_clock, subscribe
from tests.ledger.worlds import balance
from tests.worlds import make_offer

MARCH = "2027-03"
START = datetime(2027, 3, 1, tzinfo=UTC)


def copy(listing: Listing, by: Person) -> None:
    with step():
        copy_listing(listing, by=by)


def test_what_is_shown_before_is_what_closing_gives(app: Flask, client: Browser, cast: Cast) -> None:
    set_clock(START)
    offers = [make_offer(by, f"Notes {number}", all_access=True) for number, by in enumerate([cast.alice] * 3)]
    whole = pay(subscribe(cast.bob, START), START)
    poor = pay(subscribe(cast.mallory, START), START, amount=14)
    for offer in offers[:2]:
        copy(offer, cast.mallory)
    for offer in offers:
        copy(offer, cast.bob)
    give_back(whole, 1)
    give_back(poor, 10)
    set_clock(end_of(MARCH) + pool.SETTLING)
    assert next_to_close(clock.now()) == (MARCH, True)

    (shown,) = preview(MARCH)
    dry = app.test_cli_runner().invoke(args=["pool", "close", "--month", MARCH, "--dry-run"]).output
    page = client.as_person(cast.carol).get("/admin/pool").text

    assert "$0.35 to 1 workspaces for 5 copies; $0.10 goes back with payments; the shop gets $9.78." in dry
    assert all(words in page for words in ("$0.25", "$9.78", "Close March 2027"))
    assert balance(cast.workspace(cast.alice)).payable == 0  # nothing was written
    assert client.post(f"/admin/pool/{MARCH}/close").status_code == 303
    (closed,) = month_closed(MARCH)
    assert (closed.credited, closed.returned, closed.kept) == (shown.credit, shown.back, shown.rest)
    assert balance(cast.workspace(cast.alice)).payable == (shown.credit - shown.back).amount
    assert client.get(f"/admin/pool/{MARCH}.csv").text.splitlines()[1:] == [f"{MARCH},alice,Alice,5,0.35,0.10,0.25,USD"]
    assert "@alice" in client.get(f"/admin/pool/{MARCH}").text
    assert client.post("/admin/pool/2027-04/close").status_code == 409
    assert client.post("/admin/pool/soon/close").status_code == 404
    assert client.as_person(cast.alice).get("/admin/pool").status_code == 404


def test_rings_bursts_and_newcomers_are_flagged_and_paid_all_the_same(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    dora = cast.person("Dora", plan="studio")
    hers, doras = make_offer(cast.alice, all_access=True), make_offer(dora, "Tide Tables", all_access=True)
    for person, offer in ((cast.alice, doras), (dora, hers)):
        pay(subscribe(person))
        copy(offer, person)
    fresh = [cast.person(f"Fresh{number}") for number in range(gaming.NEWCOMERS)]
    with step():
        db.session.execute(sa.update(Person).values(joined_at=LAW - timedelta(days=400)))
        of_late = sa.update(Person).where(Person.id.in_([each.id for each in fresh]))
        db.session.execute(of_late.values(joined_at=LAW - timedelta(days=2)))
    invoices = [pay(subscribe(person)) for person in fresh]
    offers = [make_offer(dora, f"Notes {number}", all_access=True) for number in range(gaming.FEW + 2)]
    for invoice in invoices:
        for offer in offers:
            with step():
                log(invoice, offer, LAW + timedelta(days=1))
    set_clock(LAW + timedelta(days=2))

    for _again in range(2):
        gaming.watch()

    found = {flag.kind: flag for flag in db.session.scalars(sa.select(PoolFlag))}
    assert {kind: (flag.people, flag.copies, flag.amount) for kind, flag in found.items()} == {
        "ring": (2, 2, 14), "burst": (3, 21, 147), "newcomers": (3, 21, 147),
    }  # fmt: skip
    assert found["burst"].day == "2027-03-21"
    page = client.as_person(cast.carol).get("/admin/pool").text
    assert "They copy each other" in page
    assert page.count("@dora") == 2

    client.post(f"/admin/pool/flags/{found['ring'].id}/looked-at")
    gaming.watch()
    assert "They copy each other" not in client.get("/admin/pool/flags").text
    assert "They copy each other" in client.get("/admin/pool/flags?state=seen").text
    set_clock(end_of(MARCH) + pool.SETTLING)
    pool.close(MARCH)
    assert balance(cast.workspace(dora)).payable == 147 + 7
