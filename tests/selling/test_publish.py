"""Into the catalog, out of it, and away."""

from __future__ import annotations

import pytest

from storefront.accounts.models import Person
from storefront.catalog.models import Cover, Listing
from storefront.catalog.services import StillNeeded, delete, suspend, unpublish
from storefront.kit.db import db, step
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold, release
from tests.selling.desk import PAID, WORDS, address, look, make_draft, now, type_in
from tests.worlds import ITEMS, make_offer


def post(client: Browser, listing: Listing, deed: str) -> int:
    return client.post(address(listing, deed)).status_code


def test_what_is_typed_becomes_the_listing(client: Browser, cast: Cast) -> None:
    listing = make_draft(cast.alice)
    client.as_person(cast.alice)
    type_in(client, listing, "words", WORDS)
    type_in(client, listing, "price", PAID)
    type_in(client, listing, "window", {"art": "3", "models": ["Claude"], "example_input": "a", "example_output": "b"})

    assert "Nothing is missing." in look(client, listing)
    assert post(client, listing, "publication") == 303

    made = now(listing)
    assert (made.state, made.slug, made.price, made.pricing) == ("published", "the-long-readout", 3200, "paid")
    assert made.tags == ["research", "field-work"]
    assert made.bullets == ["Nine stages", "No leading questions"]
    assert (made.models, made.terms, made.clone_mode, made.all_access) == (
        ["Claude"],
        "commercial",
        "version_only",
        True,
    )
    page = client.as_person(None).get("/listings/the-long-readout")
    assert page.status_code == 200
    assert "$32.00" in page.text


def test_the_chosen_drawing_is_the_cover(client: Browser, cast: Cast) -> None:
    first, second = make_draft(cast.alice), make_draft(cast.alice)
    client.as_person(cast.alice)
    for listing in (first, second):
        type_in(client, listing, "words", WORDS)
    drawn = client.get(address(first, "covers/4.svg"))
    type_in(client, first, "window", {"art": "4"})
    post(client, first, "publication")
    post(client, second, "publication")

    cover = now(first).cover
    assert cover is not None
    assert db.session.get_one(Cover, cover).svg == drawn.text
    assert drawn.content_type == "image/svg+xml"
    assert now(second).slug == "the-long-readout-2"


def test_what_is_missing_is_one_list_with_links_to_the_fields(client: Browser, cast: Cast) -> None:
    with step():
        work = make_work(cast.workspace(cast.alice), "pack", "Bare", ITEMS)
    listing = make_draft(cast.alice, work)
    type_in(client.as_person(cast.alice), listing, "words", {"title": "  "})
    type_in(client, listing, "price", {"pricing": "paid", "price": ""})

    answer = client.post(address(listing, "publication"))

    assert answer.status_code == 422
    for name, field, words in (
        ("words", "title", "Write a title."),
        ("words", "tagline", "Write a tagline."),
        ("words", "description", "Write a description."),
        ("words", "tags", "Add a tag."),
        ("work", "work", "Publish a version of the work."),
        ("price", "price", "Write a price, or choose free."),
    ):
        assert f"step={name}#{field}" in answer.text
        assert words in answer.text
        assert f'id="{field}"' in look(client, listing, name)
    assert now(listing).state == "draft"


def test_the_plan_is_asked_for_on_the_page_and_by_the_post(client: Browser, cast: Cast) -> None:
    dana = cast.person("Dana", plan="pro")
    listing = make_draft(dana)
    client.as_person(dana)
    type_in(client, listing, "words", WORDS)
    type_in(client, listing, "price", PAID)

    page = look(client, listing)
    assert "Publishing listings is part of Studio." in page
    assert "Setting a price, joining All-Access and seeing analytics is part of Studio." in page
    assert 'href="/pricing?plan=studio"' in page
    assert post(client, listing, "publication") == 422
    assert now(listing).state == "draft"


def test_changes_to_a_published_listing_wait_until_they_are_published(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.alice)
    assert "It is in the catalog" in look(client, listing)
    type_in(client, listing, "words", {**WORDS, "title": "Better Title"})
    assert "Your changes are saved but not published." in look(client, listing)
    assert "Better Title" not in client.as_person(None).get("/listings/field-notes").text

    assert post(client.as_person(cast.alice), listing, "publication") == 303

    assert "Better Title" in client.as_person(None).get("/listings/field-notes").text  # its address stays
    assert "It is in the catalog" in look(client.as_person(cast.alice), listing)


def test_changes_can_be_discarded(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    client.as_person(cast.alice)
    type_in(client, listing, "words", {**WORDS, "title": "Better Title"})

    assert post(client, listing, "changes/removal") == 303

    assert "Better Title" not in look(client, listing, "words")
    assert "It is in the catalog" in look(client, listing)


def test_a_newer_version_of_the_work_is_published_by_publishing_again(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    newer = release(listing, cast.alice)
    client.as_person(cast.alice)
    assert "The work has version 2 since." in look(client, listing)
    assert "version 2 is newer" in client.get("/dashboard/listings").text

    post(client, listing, "publication")

    assert now(listing).version_id == newer.id


def test_unpublished_and_retired_are_gone_for_strangers_at_once(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    for deed, state in (("withdrawal", "draft"), ("publication", "published"), ("retirement", "retired")):
        before = client.as_person(None).get("/listings/field-notes").status_code
        assert post(client.as_person(cast.alice), listing, deed) == 303
        assert now(listing).state == state
        after = client.as_person(None).get("/listings/field-notes").status_code
        assert {before, after} == {200, 404}
    assert client.as_person(cast.alice).delete(address(listing, "publication")).status_code == 409


def test_a_draft_is_deleted_and_what_bob_holds_is_not(client: Browser, cast: Cast) -> None:
    draft, held = make_draft(cast.alice), make_offer(cast.alice, "Held", price=0)
    hold(cast.bob, held)
    type_in(client.as_person(cast.alice), draft, "words", WORDS)

    assert post(client, draft, "deletion") == 303
    assert db.session.get(Listing, draft.id, populate_existing=True) is None
    assert post(client, held, "deletion") == 409  # it is in the catalog
    with step():
        unpublish(now(held), by=cast.alice)
    answer = client.post(address(held, "deletion"))
    assert answer.status_code == 409
    assert "Retire it instead" in answer.text
    assert now(held).state == "draft"
    with pytest.raises(StillNeeded):
        delete(now(held), by=cast.alice)
    db.session.rollback()


def test_a_suspended_listing_is_put_back_by_nobody_here(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        suspend(now(listing), "Somebody else wrote it.")
    client.as_person(cast.alice)

    assert "Somebody else wrote it." in look(client, listing)
    for deed in ("publication", "withdrawal", "retirement", "deletion"):
        assert post(client, listing, deed) == 409, deed
    assert now(listing).state == "suspended"


def test_who_lost_studio_keeps_the_listing_and_publishes_nothing(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    with step():
        db.session.get_one(Person, cast.alice.id).plan = "pro"

    assert post(client.as_person(cast.alice), listing, "publication") == 422
    assert now(listing).is_public
