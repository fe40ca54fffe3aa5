"""The rules that suspend a listing, what they leave alone, and what happens when everybody reports at once."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask

from storefront.catalog import services as catalog
from storefront.catalog.models import Listing
from storefront.checkout import getting, services
from storefront.checkout.models import Order
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.jobs import run_due_jobs
from storefront.licenses.queries import live_license
from storefront.moderation.models import Report
from storefront.moderation.services import Claim
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.checkout.test_sweep import fresh, ordered
from tests.letterbox import last_letter, letters_to
from tests.library.holding import hold
from tests.moderation.acts import COPYRIGHT, complain, crowd, decide, events, state
from tests.stripe import Stripe
from tests.worlds import make_offer


def test_three_people_suspend(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    first, second, third = crowd(cast, 3)

    complain(first, listing)
    complain(second, listing, Claim("misleading"))
    assert state(listing) == "published"
    complain(third, listing, Claim("other", "It is empty."))

    assert state(listing) == "suspended"
    assert len(events("report.filed")) == 3


def test_three_by_one_do_not_suspend(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    for reason in ("spam", "inappropriate", "misleading"):
        complain(cast.bob, listing, Claim(reason))

    assert state(listing) == "published"
    assert [report.reason for report in db.session.query(Report)] == ["misleading"]
    assert (len(events("report.filed")), len(events("report.amended"))) == (1, 2)


def test_a_dismissed_one_no_longer_counts(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    first, second, third, fourth = crowd(cast, 4)
    dismissed = complain(first, listing)
    decide("dismiss", dismissed, cast.carol)
    complain(second, listing)
    complain(third, listing)
    complain(first, listing, COPYRIGHT)  # said anew, even under oath: it waits for an operator

    assert state(listing) == "published"
    assert db.session.get_one(Report, dismissed.id, populate_existing=True).state == "open"
    complain(fourth, listing)
    assert state(listing) == "suspended"


def test_one_copyright_report_suspends(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    complain(cast.bob, listing)
    complain(cast.bob, listing, COPYRIGHT)

    assert state(listing) == "suspended"


@pytest.mark.parametrize("claim", [COPYRIGHT, Claim("spam")], ids=["copyright", "spam"])
def test_twenty_at_once_suspend_once(app: Flask, cast: Cast, claim: Claim) -> None:
    listing = make_offer(cast.alice)
    people = crowd(cast, 20)

    all_at_once(app, [partial(complain, person, listing, claim) for person in people])

    found = db.session.get_one(Listing, listing.id, populate_existing=True)
    assert (found.state, found.reports) == ("suspended", 20)
    assert len(events("listing.suspended")) == 1
    assert len(events("report.filed")) == 20
    assert len(letters_to("alice@example.com")) == 1


def test_one_person_twenty_times_at_once_is_one_report(app: Flask, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    all_at_once(app, [partial(complain, cast.bob, listing)] * 20)

    assert (state(listing), db.session.query(Report).count()) == ("published", 1)
    assert (len(events("report.filed")), len(events("report.amended"))) == (1, 19)


def test_only_an_operator_restores(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice)
    report = complain(cast.bob, listing, COPYRIGHT)
    for person in (cast.alice, cast.bob, cast.mallory):
        answer = client.as_person(person).post(
            f"/admin/reports/{report.public_id}/decisions", data={"verdict": "restore", "reason": "Please."}
        )
        assert answer.status_code == 404
    for verb in (catalog.publish, catalog.unpublish):
        with pytest.raises(Conflict), step():
            verb(db.session.get_one(Listing, listing.id), by=cast.alice)
    assert state(listing) == "suspended"

    decide("restore", report, cast.carol)

    assert state(listing) == "published"
    (event,) = events("listing.restored")
    assert event.actor_id == cast.carol.id
    assert "Field Notes" in client.as_person(None).get("/catalog").text


def test_what_was_restored_is_not_taken_down_by_the_same_reports(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    reports = [complain(person, listing) for person in crowd(cast, 3)]
    decide("uphold", reports[0], cast.carol)
    decide("restore", reports[0], cast.carol)
    complain(cast.bob, listing)

    found = db.session.get_one(Listing, listing.id, populate_existing=True)
    assert (found.state, found.reports) == ("published", 1)


def test_taking_it_out_and_putting_it_back_makes_no_report_go_away(cast: Cast) -> None:
    listing = make_offer(cast.alice)
    report = complain(cast.bob, listing)
    with step():
        catalog.unpublish(db.session.get_one(Listing, listing.id), by=cast.alice)
    decide("uphold", report, cast.carol)
    assert state(listing) == "draft"

    with step():
        catalog.publish(db.session.get_one(Listing, listing.id), by=cast.alice)

    assert state(listing) == "suspended"


def test_strangers_lose_the_page_at_once_and_its_creator_reads_why(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice)
    for _kept in range(2):
        assert client.get("/listings/field-notes").status_code == 200
    complain(cast.bob, listing, COPYRIGHT)

    assert client.get("/listings/field-notes").status_code == 404
    assert client.as_person(cast.mallory).get("/listings/field-notes").status_code == 404
    page = client.as_person(cast.alice).get("/listings/field-notes").text
    assert "This listing is suspended." in page
    assert "One such report takes a listing down at once." in page
    assert "To appeal, write to" in page


def test_the_creator_is_told_the_rule_and_how_to_appeal_but_not_by_whom(cast: Cast) -> None:
    complain(cast.bob, make_offer(cast.alice), COPYRIGHT)

    letter = last_letter("alice@example.com")
    assert letter.subject == "Field Notes is suspended"
    for words in ("takes a listing down at once", "To appeal, write to", COPYRIGHT.claimed_work):
        assert words in " ".join(letter.text.split())
    for private in (COPYRIGHT.contact_name, COPYRIGHT.contact_email, COPYRIGHT.contact_address, "Bob"):
        assert private not in letter.text + letter.html


def test_holders_keep_access(cast: Cast, client: Browser) -> None:
    listing = make_offer(cast.alice, price=0)
    license = hold(cast.bob, listing)
    complain(cast.mallory, listing, COPYRIGHT)

    found = live_license(cast.bob, listing.id)
    assert found is not None
    client.as_person(cast.bob)
    assert client.get(f"/library/{license.public_id}").status_code == 200
    assert client.post(f"/licenses/{license.public_id}/clones").status_code < 400


def test_open_sessions_expire(cast: Cast, stripe: Stripe) -> None:
    listing = make_offer(cast.alice)
    order = ordered(cast, listing=listing)
    assert order.session_id
    complain(cast.mallory, listing, COPYRIGHT)
    run_due_jobs()
    run_due_jobs()

    assert fresh(order).status == "expired"
    assert [event["type"] for event in stripe.events()].count("checkout.session.expired") == 1


def test_a_session_that_stripe_makes_meanwhile_is_closed(
    cast: Cast, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = make_offer(cast.alice)
    ask = getting.ask_stripe

    def reported_meanwhile(*order: object) -> object:
        session = ask(*order)  # type: ignore[arg-type]
        complain(cast.mallory, listing, COPYRIGHT)
        return session

    monkeypatch.setattr(getting, "ask_stripe", reported_meanwhile)
    with pytest.raises(Conflict):
        getting.get(listing.slug, cast.bob, price=1200, currency="USD")
    run_due_jobs()

    assert [order.status for order in db.session.query(Order)] == ["expired"]
    assert [event["type"] for event in stripe.events()].count("checkout.session.expired") == 1


def test_orders_of_other_listings_stay_open(cast: Cast) -> None:
    listing, other = make_offer(cast.alice), make_offer(cast.alice, "Ferry Lines")
    with step():
        order, _stale = services.open_order(other, cast.bob)
    complain(cast.mallory, listing, COPYRIGHT)
    run_due_jobs()

    assert fresh(order).status == "open"
