"""bob copies a premium pack: its text is nowhere before, and his for good after."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.copies import contents
from storefront.copies.models import Copy
from storefront.copies.queries import copy_for
from storefront.copies.services import copy_listing
from storefront.kit.db import db, step
from storefront.subscriptions.models import Subscription
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.library.updating import placed, prompt
from tests.worlds import make_offer

TEXT = "Write the first line of"
PAGE = "/listings/field-notes"
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def copied(cast: Cast, texts: list[str], title: str = "Field Notes") -> Copy:
    """What bob, who has a pass, copied of a pack with these prompts."""
    items = placed(prompt(f"prompt-{number}", text) for number, text in enumerate(texts))
    listing = make_offer(cast.alice, title, all_access=True, items=items)
    with step():
        made = copy_listing(listing, by=cast.bob)
    return copy_for(cast.bob, made.public_id)


@pytest.fixture
def bob(cast: Cast) -> Person:
    set_clock(LAW)
    pay(subscribe(cast.bob))
    return cast.bob


@sqlite_only
def test_bob_copies_and_keeps_what_he_copied(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    make_offer(cast.alice, all_access=True)
    bob = client.as_person(cast.bob)
    assert "this month" not in bob.get(PAGE).text
    assert bob.post(f"{PAGE}/copies").status_code == 403
    subscription = subscribe(cast.bob)
    pay(subscription)

    before = bob.get(PAGE).text
    assert "0 of 100 this month" in before
    answer = bob.post(f"{PAGE}/copies")
    assert answer.status_code == 303
    assert TEXT in bob.get(answer.location).text
    assert "1 of 100 this month" in bob.get(PAGE).text
    again = bob.post(f"{PAGE}/copies", headers={"Accept": "application/json"})
    assert again.status_code == 409
    assert "You copied this already this month." in again.text

    with step():
        subscription.status, subscription.ended_at = "canceled", LAW + timedelta(days=1)
    assert TEXT in bob.get(answer.location).text
    assert "Open your copy" in bob.get(PAGE).text
    assert bob.post(f"{PAGE}/copies").status_code == 403
    assert "Field Notes" in bob.get("/copies").text


@sqlite_only
def test_a_text_is_on_no_page_before_it_is_copied_and_its_title_is(client: Browser, cast: Cast, bob: Person) -> None:
    make_offer(cast.alice, all_access=True)

    for person in (None, cast.mallory, bob):
        page = client.as_person(person).get(PAGE).text
        assert "Opening" in page
        assert not any(words in page for words in (TEXT, "Begin with the first prompt.", "The Ferry"))

    answer = client.as_person(bob).post(f"{PAGE}/copies")
    assert TEXT in client.get(answer.location).text
    assert TEXT in client.get("/saved").text
    for person in (None, cast.mallory, bob):
        assert TEXT not in client.as_person(person).get(PAGE).text


def test_a_long_pack_is_read_page_by_page(client: Browser, cast: Cast, bob: Person) -> None:
    made = copied(cast, [f"Write number {number}." for number in range(45)])
    address, seen = f"/copies/{made.public_id}", list[str]()
    client.as_person(bob)
    after: str | None = ""
    sizes = []
    while after is not None:
        page = contents.parts_of(made, bob, after or None)
        sizes.append(len(page.rows))
        shown = client.get(address, query_string={"after": after}).text
        assert shown.count("data-copy=") == len(page.rows)
        assert all(each.text in shown for each in page.rows if isinstance(each, contents.Prompt))
        assert ("Show more" in shown) == (page.next is not None)
        assert ("Back to the first prompt" in shown) == bool(after)
        seen += [each.key for each in page.rows]
        after = page.next

    assert sizes == [20, 20, 5]
    assert seen == [f"prompt-{number}" for number in range(45)]
    assert client.get(f"{address}?after=made-up").status_code == 400


@sqlite_only
def test_a_flow_is_drawn_and_its_steps_lead_to_their_prompts(client: Browser, cast: Cast, bob: Person) -> None:
    steps = [
        {"key": "in", "title": "A box", "kind": "input", "note": "As it came."},
        {"key": "ask", "title": "Ask whoever brought it", "kind": "prompt", "prompt": "prompt-0"},
    ]
    graph = {"steps": steps, "edges": [{"from": "in", "to": "ask", "label": ""}]}
    flow = {"key": "box", "kind": "graph", "title": "From box to list", "content": graph}
    page = {"key": "read-me", "kind": "page", "title": "Read me", "content": {"summary": "Gloves."}}
    items = placed([prompt("prompt-0", "Who packed it?"), flow, page])
    offer = make_offer(cast.alice, "Box to List", kind="flow", all_access=True, items=items)
    client.as_person(bob)
    before = client.get("/listings/box-to-list").text
    assert "As it came." not in before
    made = client.post("/listings/box-to-list/copies").location

    shown = client.get(made).text
    assert all(words in shown for words in ("From box to list", "<svg xmlns", "As it came.", 'href="#prompt-prompt-0"'))
    assert "Who packed it?" in shown
    assert "come with a license" in shown
    assert "Gloves." not in shown
    with step():
        db.session.get_one(Listing, offer.id).state = "draft"
    assert "come with a license" not in client.get(made).text


def test_a_long_text_is_cut_and_whole_at_its_own_address(client: Browser, cast: Cast, bob: Person) -> None:
    text = 'Say "ü" <b>\n' * 5000
    address = f"/copies/{copied(cast, [text, 'Short.']).public_id}"
    client.as_person(bob)

    page = client.get(address).text
    assert len(page) < 60_000
    assert f'href="{address}/prompts/prompt-0.txt"' in page
    assert page.count("The whole text") == 1
    assert page.count("data-copy=") == 1  # what is cut is not copied from here
    assert page.count("The text alone") == 1  # for whoever has no script
    answer = client.get(f"{address}/prompts/prompt-0.txt")
    assert (answer.text, answer.content_type) == (text, "text/plain; charset=utf-8")
    assert client.get(f"{address}/prompts/nobody.txt").status_code == 404


@sqlite_only
def test_the_text_of_a_copy_is_its_owners_and_prompts_only(client: Browser, cast: Cast, bob: Person) -> None:
    listing = make_offer(cast.alice, all_access=True)
    with step():
        made = copy_listing(listing, by=bob)
    address = f"/copies/{made.public_id}"

    assert client.as_person(bob).get(f"{address}/prompts/opening.txt").status_code == 200
    assert client.get(f"{address}/prompts/read-me.txt").status_code == 404
    for person in (cast.mallory, cast.alice, cast.carol):
        assert client.as_person(person).get(address).status_code == 404
        assert client.get(f"{address}/prompts/opening.txt").status_code == 404
    assert client.as_person(None).get(f"{address}/prompts/opening.txt").location.startswith("/login")


@sqlite_only
def test_the_page_says_who_made_it_and_leads_to_what_is_still_there(client: Browser, cast: Cast, bob: Person) -> None:
    made = copied(cast, ["Write."])
    client.as_person(bob)

    page = client.get(f"/copies/{made.public_id}").text
    assert all(link in page for link in ('href="/copies"', 'href="/@alice"', f'href="{PAGE}"'))
    assert "Version 1 with 1 prompt, copied" in page
    with step():
        listing = db.session.get_one(Listing, made.listing_id)
        listing.state, listing.suspended_reason = "suspended", "copyright"
    page = client.get(f"/copies/{made.public_id}").text
    assert "Write." in page
    assert f'href="{PAGE}"' not in page
    assert "Alice" in html.unescape(page)


@sqlite_only
def test_the_page_takes_as_many_statements_for_many_prompts_as_for_one(
    client: Browser, cast: Cast, bob: Person, count_statements: Callable[..., Any]
) -> None:
    client.as_person(bob)

    def statements(made: Copy) -> int:
        with count_statements() as run:
            assert client.get(f"/copies/{made.public_id}").status_code == 200
        return len(run)

    few, many = copied(cast, ["Write."]), copied(cast, ["Write."] * 30, "Tide Tables")
    assert statements(few) == statements(many) <= 9


@sqlite_only
def test_what_is_copied_again_stands_once_and_leads_to_what_it_was(client: Browser, cast: Cast, bob: Person) -> None:
    first = copied(cast, ["Write."])
    set_clock(LAW + timedelta(days=20))
    pay(db.session.scalars(sa.select(Subscription)).one(), LAW + timedelta(days=20))
    client.as_person(bob)
    assert client.post(f"{PAGE}/copies").status_code == 303

    shelf = client.get("/copies").text
    (again,) = set(re.findall(r"/copies/cpy_\w+", shelf))
    assert again != f"/copies/{first.public_id}"
    assert "version 1, March 2027" in client.get(again).text
    assert f"/copies/{first.public_id}" in client.get(again).text
    assert "You copied it before" not in client.get(f"/copies/{first.public_id}").text


@sqlite_only
def test_a_strangers_page_holds_no_meter(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, all_access=True)

    assert "this month" not in client.get(PAGE).text
