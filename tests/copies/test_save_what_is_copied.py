"""What bob copies goes onto his list of saved prompts if all of it fits; otherwise he chooses on the copy's page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from storefront.accounts.models import Person
from storefront.accounts.plans import PlanNeeded
from storefront.catalog.models import Listing
from storefront.copies.models import Copy, CopyMeter
from storefront.copies.queries import copies_of, copy_for
from storefront.copies.services import CopiedAlready, copy_listing, save_prompt_of
from storefront.events.services import record
from storefront.kit.db import db, step
from storefront.kit.inserts import insert_if_new
from storefront.saved.models import SavedPrompt
from storefront.saved.queries import saved_for, whole_list
from storefront.saved.services import (
    SavedAgain,
    Wanted,
    put_back,
    remove_saved,
    replace_list,
    save_prompt,
    wait_for_turn,
)
from storefront.subscriptions import queries as subscriptions
from storefront.works.models import Item, Work
from tests.api.programs import Program
from tests.at_once import all_at_once
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.library.holding import hold
from tests.library.updating import placed, prompt, release_with, work_of
from tests.worlds import make_offer

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def pack(size: int) -> list[dict[str, Any]]:
    return placed(prompt(f"prompt-{n}", f"Write number {n}.") for n in range(size))


def offer(cast: Cast, size: int, title: str = "Field Notes") -> Listing:
    return make_offer(cast.alice, title, all_access=True, items=pack(size))


def copy(listing: Listing, by: Person) -> Copy:
    with step():
        made = copy_listing(listing, by=by)
    return copy_for(by, made.public_id)


@pytest.fixture
def bob(cast: Cast) -> Person:
    """With a pass that is paid for."""
    set_clock(LAW)
    pay(subscribe(cast.bob))
    return cast.bob


def listed(person: Person) -> list[str]:
    return [saved.item_key for saved in whole_list(person)]


def test_what_is_copied_is_on_the_list_in_its_order_while_all_fits(cast: Cast, bob: Person) -> None:
    copy(offer(cast, 10), bob)  # Free has ten

    assert listed(bob) == [f"prompt-{n}" for n in range(10)]
    saved = whole_list(bob)[0]
    assert (saved.text, saved.work_title, saved.person_id) == ("Write number 0.", "Field Notes", bob.id)


def test_what_does_not_all_fit_is_copied_and_saved_one_by_one(client: Browser, cast: Cast, bob: Person) -> None:
    copy(offer(cast, 6, "Ferry Lines"), bob)
    offer(cast, 12)
    client.as_person(bob)

    answer = client.post("/listings/field-notes/copies")

    assert answer.status_code == 303
    assert len(listed(bob)) == 6
    page = client.get(answer.location).text
    assert "Your list has room for 4 of these 12." in page
    assert 'href="/pricing?plan=pro"' in page
    assert page.count("Save<span") == 12

    onward = client.post(f"{answer.location}/saved", data={"key": "prompt-3"})
    assert onward.location == f"{answer.location}?saved=prompt-3#prompt-prompt-3"
    page = client.get(onward.location).text
    assert "Your list has room for 3 of the other 11." in page
    assert page.count("Save<span") == 11
    assert "Undo" in page
    assert "Undo" not in client.get(answer.location).text

    for key in ("prompt-0", "prompt-1", "prompt-2", "prompt-2"):
        client.post(f"{answer.location}/saved", data={"key": key})
    assert len(listed(bob)) == 10
    assert "Your list has room for none of the other 8." in client.get(answer.location).text
    refused = client.post(f"{answer.location}/saved", data={"key": "prompt-9"})
    assert refused.status_code == 403
    assert "Free has 10 saved prompts, and all are used. Pro has 40." in refused.text


@sqlite_only
def test_htmx_gets_the_place_of_the_button_and_what_there_is_room_for(client: Browser, cast: Cast, bob: Person) -> None:
    place = f"/copies/{copy(offer(cast, 12), bob).public_id}/saved"
    client.as_person(bob)

    saved = client.htmx(f"{place}?after=x", method="POST", data={"key": "prompt-3"}).text
    assert "<html" not in saved
    assert 'id="save-prompt-3"' in saved
    assert "On your list of" in saved
    assert f"{place}/removal?after=x" in saved  # without script he comes back to where he was
    assert 'id="copies-room" hx-swap-oob="true"' in saved
    assert "Your list has room for 9 of the other 11." in saved

    undone = client.htmx(f"{place}/removal", method="POST", data={"key": "prompt-3"}).text
    assert "Save<span" in undone
    assert "Your list has room for 10 of these 12." in undone
    assert listed(bob) == []


@sqlite_only
def test_the_page_names_the_plan_that_has_room_if_one_has(client: Browser, cast: Cast, bob: Person) -> None:
    client.as_person(bob)
    few, many, most = (copy(offer(cast, size, f"Pack {size}"), bob) for size in (40, 41, 101))

    pages = [client.get(f"/copies/{each.public_id}").text for each in (few, many, most)]
    assert ["Pro has room for 40." in page for page in pages] == [True, False, False]
    assert ["Studio has room for 100." in page for page in pages] == [False, True, True]
    with step():
        bob.plan = bob.granted_plan = "studio"
    page = client.get(f"/copies/{most.public_id}").text
    assert "Your list has room for 100 of these 101." in page
    assert "Remove some from your" in page
    assert "Your list has room" not in client.get(f"/copies/{many.public_id}").text


def test_a_prompt_is_on_the_list_once_however_often_it_is_copied(app: Flask, cast: Cast, bob: Person) -> None:
    listing = offer(cast, 4)
    first = copy(listing, bob)
    with step():
        save_prompt_of(first, "prompt-0", by=bob)  # by hand, in spite of that
    with pytest.raises(CopiedAlready):
        copy(listing, bob)
    assert len(listed(bob)) == 4

    set_clock(LAW + timedelta(days=13))
    release_with(listing, pack(5), cast.alice)
    with step():
        listing.version_id = first.version_id + 1
    assert Program(app, bob, "library:write").ask("POST", "/v1/flows/field-notes/copy").status_code == 201
    assert listed(bob) == ["prompt-4", "prompt-0", "prompt-1", "prompt-2", "prompt-3"]


def test_the_same_twice_at_once_is_saved_once(app: Flask, cast: Cast, bob: Person) -> None:
    listing_id, bob_id = offer(cast, 6).id, bob.id

    def click() -> bool:
        try:
            with step():
                copy_listing(db.session.get_one(Listing, listing_id), by=db.session.get_one(Person, bob_id))
        except CopiedAlready:
            return False
        return True

    assert sorted(all_at_once(app, [click] * 4)) == [False, False, False, True]
    assert len(listed(bob)) == 6


def test_whatever_else_changes_the_list_at_once_nothing_waits_in_a_circle(app: Flask, cast: Cast, bob: Person) -> None:
    """And together they stay within the plan."""
    offers = iter([offer(cast, 3, f"Pack {n}").id for n in range(6)])
    work_id, bob_id = work_of(hold(bob, make_offer(cast.alice, "Tide Tables", items=pack(9)))).id, bob.id
    keys = iter(f"prompt-{n}" for n in range(1, 9))
    with step():
        item = db.session.get_one(Item, (work_id, "prompt-0"))
        removed = save_prompt(db.session.get_one(Work, work_id), item, by=bob)
        remove_saved(removed)
    gone = removed.public_id

    def him() -> Person:
        return db.session.get_one(Person, bob_id)

    def copies() -> None:
        copy_listing(db.session.get_one(Listing, next(offers)), by=him())

    def saves() -> None:
        save_prompt(db.session.get_one(Work, work_id), db.session.get_one(Item, (work_id, next(keys))), by=him())

    def puts_back() -> None:
        put_back(saved_for(him(), gone), by=him())

    def replaces() -> None:
        wait_for_turn(him())
        replace_list(him(), [Wanted(each.title, each.text, "", each.public_id) for each in whole_list(him())[:5]])

    def trying(deed: Callable[[], None]) -> Callable[[], None]:
        def tried() -> None:
            try:
                with step():
                    deed()
            except (PlanNeeded, SavedAgain):
                pass

        return tried

    for _round in range(3):
        all_at_once(app, [trying(deed) for deed in (copies, saves, puts_back, replaces, copies, saves)])
    kept = sa.select(sa.func.count()).select_from(SavedPrompt).where(SavedPrompt.removed_at.is_(None))
    assert 0 < db.session.scalars(kept).one() <= 10
    assert db.session.scalars(sa.select(sa.func.count()).select_from(Copy)).one() == 6


def test_the_last_room_is_given_once(app: Flask, cast: Cast, bob: Person) -> None:
    copy(offer(cast, 9), bob)
    listing_id, bob_id = offer(cast, 1, "Ferry Lines").id, bob.id
    work_id = work_of(hold(bob, make_offer(cast.alice, "Tide Tables", items=pack(1)))).id

    def saves() -> None:
        with step():
            him = db.session.get_one(Person, bob_id)
            wait_for_turn(him)
            time.sleep(0.3)
            save_prompt(db.session.get_one(Work, work_id), db.session.get_one(Item, (work_id, "prompt-0")), by=him)

    def copies() -> None:
        time.sleep(0.1)
        with step():
            copy_listing(db.session.get_one(Listing, listing_id), by=db.session.get_one(Person, bob_id))

    all_at_once(app, [saves, copies])
    assert len(listed(bob)) == 10
    assert db.session.scalars(sa.select(sa.func.count()).select_from(Copy)).one() == 2


def test_two_who_copy_around_the_end_of_a_month_wait_in_no_circle(app: Flask, bob: Person) -> None:
    """Each has named the person in a row, the month's own, when they come to the list."""
    bob_id, months = bob.id, iter(("2027-03", "2027-04"))

    def copies() -> None:
        with step():
            insert_if_new(CopyMeter, person_id=bob_id, month=next(months), used=0)
            time.sleep(0.2)
            wait_for_turn(db.session.get_one(Person, bob_id))

    all_at_once(app, [copies, copies])
    assert sorted(db.session.scalars(sa.select(CopyMeter.month))) == ["2027-03", "2027-04"]


def test_what_stripe_tells_of_the_payment_meanwhile_waits_in_no_circle_either(
    app: Flask, cast: Cast, bob: Person
) -> None:
    """It locks the invoice, brings what was given of it in line, and then says of the person whether they owe."""
    copy(offer(cast, 1, "Tide Tables"), bob)
    listing_id, bob_id = offer(cast, 3).id, bob.id
    subscription = subscriptions.live(bob, "pass")
    assert subscription
    invoice = subscriptions.paid_invoice(subscription, LAW)
    assert invoice
    invoice_id = invoice.id

    def tells() -> None:
        with step():
            told = subscriptions.invoice(invoice_id, lock=True)
            time.sleep(0.3)
            told.returned = 990  # 10 of 1000 are left, which the first copy has 7 of
            record("subscription.invoice_returned", told)
            db.session.get_one(Person, bob_id).owes = True

    def copies() -> None:
        time.sleep(0.1)
        with step():
            copy_listing(db.session.get_one(Listing, listing_id), by=db.session.get_one(Person, bob_id))

    all_at_once(app, [tells, copies])
    assert len(listed(bob)) == 4
    assert [each.reason for each in copies_of(bob, "2027-03")] == ["spent", ""]


@sqlite_only
def test_only_his_own_prompts_of_a_copy_are_saved(client: Browser, cast: Cast, bob: Person) -> None:
    page = {"key": "p", "parent_key": None, "position": 90, "kind": "page", "title": "P", "content": {"summary": "No."}}
    made = copy(make_offer(cast.alice, all_access=True, items=[*pack(12), page]), bob)
    place = f"/copies/{made.public_id}/saved"

    for key in ("p", "nobody", ""):
        assert client.as_person(bob).post(place, data={"key": key}).status_code == 404
        assert client.post(f"{place}/removal", data={"key": key}).status_code == 404
    assert client.post(place, data={"key": "prompt-0"}, forged=True).status_code == 400
    for person in (cast.mallory, cast.alice):
        for address in (place, f"{place}/removal"):
            assert client.as_person(person).post(address, data={"key": "prompt-0"}).status_code == 404
    assert listed(bob) == listed(cast.alice) == []


@sqlite_only
def test_copying_takes_as_many_statements_for_ten_prompts_as_for_one(
    cast: Cast, bob: Person, count_statements: Callable[..., Any]
) -> None:
    def statements(sizes: Iterator[int]) -> Iterator[int]:
        for size in sizes:
            listing = offer(cast, size, f"Pack {size}")
            with count_statements() as run:
                copy(listing, bob)
            yield len(run)

    _first, one, many = statements(iter((2, 1, 7)))  # the first begins the month
    assert one == many
