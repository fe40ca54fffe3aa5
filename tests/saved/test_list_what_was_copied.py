"""A prompt on bob's list that came from a copy: it stays whatever ends, and leads to the copy, never to the studio."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.copies.models import Copy
from storefront.copies.services import copy_listing
from storefront.kit.db import db, step
from storefront.saved.queries import saved_by, whole_list
from storefront.works.models import Work
from tests.api.programs import Program
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer

TEXT = "Write the first line of"


def copied(cast: Cast, by: Person, title: str = "Field Notes") -> Copy:
    listing = make_offer(cast.alice, title, all_access=True)
    with step():
        return copy_listing(listing, by=by)


@pytest.fixture
def bob(cast: Cast) -> Person:
    set_clock(LAW)
    pay(subscribe(cast.bob))
    return cast.bob


def studio_of(copy: Copy) -> str:
    listing = db.session.get_one(Listing, copy.listing_id)
    return f"/studio/{db.session.get_one(Work, listing.work_id).public_id}"


def test_it_leads_to_the_latest_copy_and_not_to_the_studio_of_who_made_it(
    client: Browser, cast: Cast, bob: Person
) -> None:
    first, other = copied(cast, bob), copied(cast, bob, "Tide Tables")
    page = client.as_person(bob).get("/saved").text
    assert all(f'href="/copies/{each.public_id}"' in page for each in (first, other))
    assert not any(studio_of(each) in page for each in (first, other))

    set_clock(LAW + timedelta(days=13))
    with step():
        again = copy_listing(db.session.get_one(Listing, first.listing_id), by=bob)
    page = client.get("/saved").text
    assert f'href="/copies/{again.public_id}"' in page
    assert first.public_id not in page
    assert len(whole_list(bob)) == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_calls_the_work_as_the_shop_does(cast: Cast, bob: Person) -> None:
    listing = make_offer(cast.alice, all_access=True)
    with step():
        db.session.get_one(Work, listing.work_id).title = "For Bob's boss, draft 3"
        copy_listing(listing, by=bob)
    assert [each.work_title for each in saved_by(bob).rows] == ["Field Notes"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_alice_comes_to_her_own_studio_from_her_own_work(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    pay(subscribe(cast.alice))
    own = copied(cast, cast.alice)
    page = client.as_person(cast.alice).get("/saved").text
    assert f'href="{studio_of(own)}/items/opening"' in page
    assert own.public_id not in page


def test_it_stays_when_the_pass_ends_and_the_work_is_taken_down(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    subscription = subscribe(cast.bob)
    pay(subscription)
    copy = copied(cast, cast.bob)
    with step():
        subscription.status, subscription.ended_at = "canceled", LAW
        listing = db.session.get_one(Listing, copy.listing_id)
        listing.state, listing.suspended_reason = "suspended", "copyright"
        db.session.get_one(Work, listing.work_id).deleted_at = LAW

    client.as_person(cast.bob)
    page = client.get("/saved").text
    assert TEXT in page
    assert f'href="/copies/{copy.public_id}"' in page
    saved = saved_by(cast.bob).rows[0]
    assert TEXT in client.get(f"/saved/{saved.public_id}.txt").text
    assert json.loads(client.get("/saved/export?as=json").text)["prompts"][0]["work"] == "Field Notes"
    client.post(f"/saved/{saved.public_id}/removal")
    assert TEXT in client.htmx(f"/saved/{saved.public_id}/restoration", method="POST").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_mallorys_list_says_nothing_of_bobs_copies(client: Browser, cast: Cast, bob: Person) -> None:
    """She copied the same."""
    pay(subscribe(cast.mallory))
    his = copied(cast, bob)
    with step():
        hers = copy_listing(db.session.get_one(Listing, his.listing_id), by=cast.mallory)
    page = client.as_person(cast.mallory).get("/saved").text
    assert hers.public_id in page
    assert his.public_id not in page


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_device_has_it(app: Any, cast: Cast, bob: Person) -> None:
    with step():
        bob.plan = bob.granted_plan = "pro"
    copied(cast, bob)
    told = Program(app, bob, "prompts:read").ask("GET", "/api/saved-prompts").get_json()
    assert [each["title"] for each in told["prompts"]] == ["Opening"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_many_copies_take_as_many_statements_as_one(
    client: Browser, cast: Cast, bob: Person, count_statements: Callable[..., Any]
) -> None:
    client.as_person(bob)

    def statements() -> int:
        with count_statements() as run:
            assert client.get("/saved").status_code == 200
        return len(run)

    copied(cast, bob)
    few = statements()
    for number in range(5):
        copied(cast, bob, f"Notes {number}")
    assert statements() == few <= 5
