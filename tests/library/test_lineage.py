"""Where a work comes from and how often it was cloned: counts for everybody, names of those who allow it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.catalog.models import Listing
from storefront.catalog.services import NotListable, make_listing, publish
from storefront.kit.db import db, step
from storefront.library.models import Clone
from storefront.licenses.models import License
from storefront.works.models import Work
from storefront.works.queries import version_with_work
from storefront.works.services import clone_version, publish_version
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import finish, hold
from tests.works.containers import carried, packed
from tests.worlds import make_offer, make_team

PAGE = "/listings/field-notes"


def allow(client: Browser, person: Person, *, allowed: bool = True) -> None:
    client.as_person(person)
    answer = client.post("/settings", data={"is_named": "y"} if allowed else {})
    assert answer.status_code == 303
    db.session.expire_all()


def offer(cast: Cast) -> Listing:
    return make_offer(cast.alice, "Field Notes", price=0)


def clone_of(license: License) -> Work:
    query = sa.select(Work).join(Clone, Clone.work_id == Work.id).where(Clone.license_id == license.id)
    return db.session.scalars(query.order_by(Work.id)).first() or pytest.fail("no clone")


def test_mallory_sees_how_often_a_work_was_cloned_and_nobody_who_did_not_agree(client: Browser, cast: Cast) -> None:
    listing = offer(cast)
    license = hold(cast.bob, listing)
    client.as_person(cast.bob).post(f"/licenses/{license.public_id}/clones")

    for page in (client.as_person(None).get(PAGE), client.as_person(cast.mallory).get(PAGE)):
        assert "Cloned 2 times." in page.text
        assert "Bob" not in page.text


def test_a_work_that_nobody_cloned_says_nothing(client: Browser, cast: Cast) -> None:
    offer(cast)
    assert "Lineage" not in client.get(PAGE).text


def test_bob_is_named_once_he_allows_it_and_no_more_once_he_takes_it_back(client: Browser, cast: Cast) -> None:
    listing = offer(cast)
    hold(cast.bob, listing)
    hold(cast.mallory, listing)
    assert "checked" not in client.as_person(cast.bob).get("/settings").text

    allow(client, cast.bob)
    assert "checked" in client.get("/settings").text
    named = client.as_person(None).get(PAGE).text
    assert '<a class="a" href="/@bob" dir="auto">Bob</a> and others.' in named
    assert "Mallory" not in named

    allow(client, cast.bob, allowed=False)
    assert "Bob" not in client.as_person(None).get(PAGE).text


def test_what_is_cloned_later_names_bob_too_and_a_refund_does_not(client: Browser, cast: Cast) -> None:
    allow(client, cast.bob)
    license = hold(cast.bob, make_offer(cast.alice, "Field Notes"))
    assert "Bob" in client.as_person(None).get(PAGE).text

    finish(license, "refunded")
    assert "Bob" not in client.as_person(None).get(PAGE).text


def test_the_license_and_the_studio_say_both_ways(client: Browser, cast: Cast) -> None:
    listing = offer(cast)
    license = hold(cast.bob, listing)

    page = client.as_person(cast.bob).get(f"/library/{license.public_id}").text
    assert "Cloned once." in page
    assert "You are counted here, not named." in page
    assert "Cloned from" in client.get(f"/studio/{clone_of(license).public_id}").text
    work = db.session.get_one(Work, listing.work_id)
    assert "Cloned</dt>" in client.as_person(cast.alice).get(f"/studio/{work.public_id}").text


def test_many_clones_cost_a_page_no_more(client: Browser, cast: Cast, count_statements: Callable[..., Any]) -> None:
    listing = offer(cast)
    people = [cast.person(f"Reader{number}") for number in range(8)]
    counts = []
    for person in people:
        allow(client, person)
        hold(person, listing)
        client.as_person(None)
        with count_statements() as run:
            page = client.get(PAGE).text
        counts.append(len(run))

    assert counts[0] == counts[-1]
    assert page.count('href="/@reader') == 4


def test_bob_may_not_list_a_copy_and_is_told_why(client: Browser, cast: Cast) -> None:
    copy = clone_of(hold(cast.bob, offer(cast)))
    client.as_person(cast.bob)

    assert "personal license is for using it" not in client.get("/dashboard/listings/new").text
    page = client.get(f"/dashboard/listings/new?work={copy.public_id}").text
    assert "It is a copy of “Field Notes” by Alice. Its commercial license is for using it" in page
    answer = client.post("/dashboard/listings", data={"work": copy.public_id})
    assert answer.status_code == 409
    assert "not for selling it on" in answer.text


def test_a_copy_whose_listing_was_begun_before_is_not_published(client: Browser, cast: Cast) -> None:
    """However a listing of a copy came to be, it does not get into the catalog."""
    with step():
        cast.bob.plan = "studio"
    copy = clone_of(hold(cast.bob, offer(cast)))
    with step():
        publish_version(copy, "Mine.", by=cast.bob)
        listing = make_listing(
            copy, slug="mine", title="Mine", currency="USD", tagline="Mine.", description="Mine.", tags=["mine"]
        )
    client.as_person(cast.bob)

    check = client.get(f"/dashboard/listings/{listing.id}/edit?step=check").text
    assert "It is a copy of “Field Notes” by Alice." in check
    assert client.post(f"/dashboard/listings/{listing.id}/publication").status_code == 422
    with pytest.raises(NotListable), step():
        publish(db.session.get_one(Listing, listing.id), by=cast.bob)
    assert client.as_person(None).get("/listings/mine").status_code == 404


@pytest.mark.parametrize("number", ["known", "SF-OF-ANOTHER-SHOP"])
def test_what_came_in_as_a_file_got_under_a_license_may_not_be_listed_either(
    client: Browser, cast: Cast, number: str
) -> None:
    listing = offer(cast)
    license = hold(cast.bob, listing)
    origin = {"license": license.number if number == "known" else number, "listing": "field-notes", "version": 1}
    with step():
        cast.mallory.plan = "studio"
    file = packed(replace(carried(), origin=origin))
    client.as_person(cast.mallory)
    form = {"file": (file, "notes.pmtpk"), "workspace": "mallory"}
    assert client.post("/studio/import", data=form, content_type="multipart/form-data").status_code == 303

    work = db.session.scalars(sa.select(Work).order_by(Work.id.desc())).first() or pytest.fail("no work")
    assert work.brought_from == origin
    assert work.origin_version_id == (listing.version_id if number == "known" else None)
    assert "Came in as a file" in client.get(f"/studio/{work.public_id}").text
    assert work.public_id not in client.get("/dashboard/listings/new").text
    answer = client.post("/dashboard/listings", data={"work": work.public_id})
    assert answer.status_code == 409
    assert "came in as a file that somebody got under a license" in answer.text


def test_alice_lists_a_file_of_her_own_work_that_somebody_sent_back(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, offer(cast))
    origin = {"license": license.number, "listing": "field-notes", "version": 1}
    form = {"file": (packed(replace(carried(), origin=origin)), "notes.pmtpk"), "workspace": "alice"}
    client.as_person(cast.alice).post("/studio/import", data=form, content_type="multipart/form-data")

    work = db.session.scalars(sa.select(Work).order_by(Work.id.desc())).first() or pytest.fail("no work")
    assert client.post("/dashboard/listings", data={"work": work.public_id}).status_code == 303


def test_alice_lists_a_copy_of_what_her_own_team_made_and_the_page_says_from_what(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice)
    origin = make_offer(cast.alice, "Field Notes", price=0, into=team)
    with step():
        copy = clone_version(version_with_work(origin.version_id or 0), personal_workspace(cast.alice))
        publish_version(copy, "Mine.", by=cast.alice)
    client.as_person(cast.alice)

    assert copy.public_id in client.get("/dashboard/listings/new").text
    with step():
        listing = make_listing(
            copy, slug="mine", title="Mine", currency="USD", tagline="Mine.", description="Mine.", tags=["mine"]
        )
        publish(listing, by=cast.alice)
    page = client.as_person(None).get("/listings/mine").text
    assert 'Cloned from <a class="a" href="/listings/field-notes" dir="auto">Field Notes</a>' in page
    with step():
        db.session.get_one(Listing, origin.id).state = "retired"
    assert "Cloned from" not in client.get("/listings/mine").text
