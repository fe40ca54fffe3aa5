"""Writing a listing: every entry is kept, right or wrong, whoever goes back and forth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from storefront.catalog.models import Listing
from storefront.catalog.services import NotListable
from storefront.kit.db import db
from storefront.kit.page_stamps import PageStamp
from storefront.selling.services import begin
from storefront.works.models import Work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.selling.desk import PAID, WORDS, address, look, make_draft, now, revision, type_in
from tests.worlds import make_offer, make_pack, make_team


def test_alice_begins_a_listing_with_a_work_of_hers(client: Browser, cast: Cast) -> None:
    work = make_pack(cast.alice, "Field Notes")

    page = client.as_person(cast.alice).get("/dashboard/listings/new")
    answer = client.post("/dashboard/listings", data={"work": work.public_id})

    assert work.public_id in page.text
    listing = db.session.scalars(sa.select(Listing)).one()
    assert answer.status_code == 303
    assert answer.location == address(listing, "edit?step=words")
    assert (listing.state, listing.title, listing.work_id) == ("draft", "Field Notes", work.id)
    assert listing.slug.startswith("draft-")


def test_what_somebody_got_from_others_cannot_be_listed(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice, price=0))  # which clones it
    clone = db.session.scalars(sa.select(Work).where(Work.origin_version_id.is_not(None))).one()

    assert clone.public_id not in client.as_person(cast.bob).get("/dashboard/listings/new").text
    assert client.post("/dashboard/listings", data={"work": clone.public_id}).status_code == 409
    with pytest.raises(NotListable):
        begin(clone)


def test_every_entry_is_kept_going_back_and_forth(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)

    answer = type_in(client, listing, "words", WORDS, go="price")
    assert answer.location == address(listing, "edit?step=price")
    answer = type_in(client, listing, "price", PAID, go="words")
    assert answer.location == address(listing, "edit?step=words")

    words, price = look(client, listing, "words"), look(client, listing, "price")
    for text in ("The Long Readout", "From notes to a report.", "research, Field Work", "No leading questions"):
        assert text in words
    assert 'value="32.00"' in price
    assert "$27.20" in price  # 32.00 less our 15%
    assert now(listing).title == "Field Notes"  # the listing itself is what it was


@pytest.mark.parametrize(
    ("name", "texts", "sentence"),
    [
        ("price", {**PAID, "price": "0.20"}, "Make it $0.50 or more, or choose free."),
        ("price", {**PAID, "price": "a lot"}, "Write an amount such as 12.00."),
        ("price", {**PAID, "price": "1.234"}, "Write an amount such as 12.00."),
        ("price", {**PAID, "price": "9999999"}, "$999,999.99 is the most"),
        ("words", {**WORDS, "title": "x" * 81}, "Make it 80 characters or fewer."),
        ("words", {**WORDS, "tags": "a, b, c, d, e, f"}, "5 tags are the most."),
        ("words", {**WORDS, "tags": "!!!"}, "has no letter or figure"),
    ],
)
def test_what_is_wrong_is_kept_too_and_said_beside_its_field(
    client: Browser, cast: Cast, name: str, texts: dict[str, str], sentence: str
) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)

    forward = type_in(client, listing, name, texts, go={"words": "price", "price": "window"}[name])

    assert f"step={name}#" in forward.location  # forward leads back to it
    page = look(client, listing, name)
    assert sentence in page
    assert texts["price" if name == "price" else "title"] in page
    assert sentence in look(client, listing)  # and the last step lists it


def test_a_save_by_itself_says_so_and_shows_the_preview(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    sent = {"revision": 0, **PAID}

    answer = client.as_person(cast.alice).htmx(address(listing, "steps/price"), method="POST", data=sent)

    assert answer.status_code == 200
    assert "Saved" in answer.text
    assert 'id="selling-revision" value="1"' in answer.text
    assert "Get for $32.00" in answer.text
    assert "$27.20" in answer.text


def test_typing_renews_no_page_that_strangers_see(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    stamps = sa.select(PageStamp.subject, PageStamp.stamp).order_by(PageStamp.subject)
    before = db.session.execute(stamps).all()

    type_in(client.as_person(cast.alice), listing, "words", WORDS)

    assert db.session.execute(stamps).all() == before
    assert "The Long Readout" not in client.as_person(None).get("/listings/field-notes").text


def test_two_windows_lose_neither_text(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, editor=cast.carol)
    listing = make_draft(cast.alice, make_pack(cast.alice, into=team))
    type_in(client.as_person(cast.carol), listing, "words", {**WORDS, "title": "Carol's Title"})

    answer = type_in(client.as_person(cast.alice), listing, "words", {**WORDS, "title": "Alice's Title"}, revision=0)

    assert answer.status_code == 409
    assert "Carol&#39;s Title" in answer.text
    assert 'value="Alice&#39;s Title"' in answer.text
    assert "Carol," in answer.text
    over = type_in(client, listing, "words", {**WORDS, "title": "Alice's Title"}, revision=0, over=1)
    assert over.status_code == 303
    assert "Alice&#39;s Title" in look(client, listing, "words")


def test_two_windows_meet_by_themselves_too(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)
    type_in(client, listing, "words", WORDS)

    path = address(listing, "steps/words")
    answer = client.htmx(path, method="POST", data={**WORDS, "title": "Another", "revision": 0})

    assert "Not saved: somebody changed it meanwhile." in answer.text
    assert "The Long Readout" in answer.text
    assert "Another" in answer.text
    assert revision(listing, "words") == 1


def test_the_same_text_twice_and_other_steps_are_no_conflict(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)

    assert type_in(client, listing, "words", WORDS, revision=0).status_code == 303
    assert type_in(client, listing, "words", WORDS, revision=0).status_code == 303
    assert type_in(client, listing, "price", PAID, revision=0).status_code == 303


@pytest.mark.parametrize("text", ["\x00", "\ud800", "🎈" * 90, "شعر", "   ", "<script>alert(1)</script>", "x" * 40_000])
def test_odd_texts_are_kept_as_they_are_or_said_to_be_wrong(client: Browser, cast: Cast, text: str) -> None:
    listing = make_draft(cast.alice)
    sent = {**WORDS, "description": text, "title": text}

    answer = type_in(client.as_person(cast.alice), listing, "words", _bytes(sent))

    assert answer.status_code == 303
    for name in ("words", "window", "check"):
        page = client.get(address(listing, f"edit?step={name}"))
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def _bytes(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value.encode("utf-8", "surrogatepass") for name, value in sent.items()}


def test_a_viewer_sees_the_draft_and_has_nothing_to_press(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    listing = make_draft(cast.alice, make_pack(cast.alice, into=team))

    page = look(client.as_person(cast.bob), listing, "words")

    assert "You are a viewer" in page
    assert '<fieldset class="contents" disabled>' in page
    assert 'type="submit" form="selling-step"' not in page


def test_a_step_costs_few_statements(client: Browser, cast: Cast, count_statements: Callable[..., Any]) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)
    for name, texts in (("words", WORDS), ("price", PAID)):
        type_in(client, listing, name, texts)
        client.get(address(listing, f"edit?step={name}"))

        with count_statements() as statements:
            client.get(address(listing, f"edit?step={name}"))

        assert len(statements) <= 8, statements
