"""A creator lists a work: five steps, with script and without, and it hangs in the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.selling.models import ListingDraft
from tests.journeys.conftest import Street, Walker
from tests.selling.desk import make_draft
from tests.worlds import make_pack

Walk = Callable[..., Walker]


def creator(street: Street) -> Person:
    """Somebody new on Studio who has written a work and published a version of it."""
    person = street.person(plan="studio")
    with street.app.app_context():
        make_pack(db.session.get_one(Person, person.id), f"Notes of {person.name}")
    return person


def write(page: Page, title: str, *, script: bool) -> None:
    """The step of words, from its first field to its last."""
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Tagline").fill("From notes to a report.")
    page.get_by_label("Description").fill("What it *does* and for whom.")
    page.get_by_label("Tags", exact=True).fill("research, field work")
    if script:
        page.get_by_label("Tags", exact=True).press("Enter")
    page.get_by_label("First point").fill("Nine stages")


def open_draft(walker: Walker) -> Listing:
    """Somebody new at the words of a draft of theirs."""
    person = creator(walker.street)
    with walker.street.app.app_context():
        listing = make_draft(db.session.get_one(Person, person.id))
    walker.sign_in(person)
    walker.go(f"/dashboard/listings/{listing.id}/edit?step=words")
    return listing


def test_a_work_becomes_a_listing(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    person = creator(walker.street)
    title = f"The Readout of {person.name}"
    walker.sign_in(person)

    walker.go("/dashboard/listings")
    page.get_by_role("link", name="New listing").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Words", level=1)).to_be_visible()
    write(page, title, script=script)
    page.get_by_role("main").get_by_role("button", name="Price and license").last.click()
    expect(page.get_by_role("heading", name="Price and license", level=1)).to_be_visible()
    page.get_by_role("radio", name=re.compile("Paid")).check()
    page.get_by_label("Price", exact=True).fill("32")
    if script:
        expect(page.get_by_text("$27.20")).to_be_visible()  # what it leaves, by itself
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(title)
    page.get_by_role("button", name="Check and publish").first.click()
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is in the catalog").first).to_be_visible()

    page.get_by_role("link", name="Look at its page").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.get_by_text("$32.00").first).to_be_visible()


def test_what_is_missing_leads_to_its_field(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(creator(walker.street))
    walker.go("/dashboard/listings/new")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Check and publish").first.click()

    page.get_by_role("link", name="Write a tagline.").click()

    expect(page).to_have_url(re.compile("step=words#tagline$"))
    expect(page.get_by_label("Tagline")).to_be_visible()


def test_what_is_wrong_is_said_beside_its_field_while_one_types(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(creator(walker.street))
    walker.go("/dashboard/listings/new")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Words", level=1)).to_be_visible()
    page.get_by_role("button", name="Price and license").first.click()
    page.get_by_role("radio", name=re.compile("Paid")).check()
    price = page.get_by_label("Price", exact=True)
    visited = len(walker.visits)
    price.fill("0.10")
    if not script:
        page.get_by_role("main").get_by_role("button", name="Window dressing").last.click()

    expect(page.get_by_text("Make it $0.50 or more, or choose free.")).to_be_visible()
    expect(price).to_have_attribute("aria-invalid", "true")
    expect(price).to_have_accessible_description(re.compile("or choose free"))
    expect(price).to_have_value("0.10")
    if script:
        expect(price).to_be_focused()
        assert len(walker.visits) == visited
        price.fill("12")
        expect(page.get_by_text("Make it $0.50 or more")).to_be_hidden()
        expect(price).not_to_have_attribute("aria-invalid", "true")
        price.fill("twelve")
        expect(page.get_by_text("Write an amount such as 12.00.")).to_be_visible()


def test_a_press_past_what_is_wrong_leads_to_it_and_then_on(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    open_draft(walker)
    onward = page.get_by_role("main").get_by_role("button", name="Price and license").last
    tags = page.get_by_label("Tags", exact=True)
    tags.fill("one, two, three, four, five, six")
    onward.click()

    expect(page.get_by_text("5 tags are the most. Take one away.")).to_be_visible()
    expect(tags).to_have_attribute("aria-invalid", "true")
    if script:
        expect(tags).to_be_focused()
        tags.fill("")
    else:
        tags.fill("one, two, three, four, five")
    onward.click()

    expect(page.get_by_role("heading", name="Price and license", level=1)).to_be_visible()


def test_a_draft_saves_by_itself_and_the_tab_that_came_later_is_told(walk: Walk) -> None:
    walker = walk()
    listing = open_draft(walker)
    other = walker.page.context.new_page()
    other.goto(walker.page.url)

    walker.page.get_by_label("Title", exact=True).fill("From the first tab")
    expect(walker.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(walker.page.locator("#selling-preview")).to_contain_text("From the first tab")
    other.get_by_label("Title", exact=True).fill("From the second tab")
    expect(other.get_by_text("Somebody saved this step meanwhile.")).to_be_visible()
    expect(other.get_by_role("region", name="Two texts")).to_contain_text("From the first tab")
    other.get_by_role("button", name="Keep mine").click()
    expect(other.get_by_text("Somebody saved this step meanwhile.")).to_be_hidden()

    with walker.street.app.app_context():
        row = db.session.get_one(ListingDraft, (listing.id, "words"))
        assert row.typed["title"] == ["From the second tab"]
        assert db.session.get_one(Listing, listing.id).title != "From the second tab"


def test_a_press_beside_a_save_that_takes_long_leads_on(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    listing = open_draft(walker)
    held: list[Route] = []
    page.route("**/steps/words", lambda route: held.append(route), times=1)

    page.get_by_label("Title", exact=True).fill("From a slow train")
    page.get_by_label("Title", exact=True).press("Enter")
    page.get_by_role("main").get_by_role("button", name="Price and license").last.click()
    page.get_by_label("Tagline").fill("Typed after the press.")
    page.wait_for_timeout(800)  # the pause after which it saves by itself
    assert held
    held[0].continue_()

    expect(page.get_by_role("heading", name="Price and license", level=1)).to_be_visible()
    with walker.street.app.app_context():
        row = db.session.get_one(ListingDraft, (listing.id, "words"))
        assert row.typed["title"] == ["From a slow train"]
        assert row.typed["tagline"] == ["Typed after the press."]


def test_a_link_shows_the_draft_to_a_stranger(walk: Walk, script: bool) -> None:
    walker, stranger = walk(script=script), walk(script=script)
    walker.sign_in(creator(walker.street))
    walker.go("/dashboard/listings/new")
    walker.page.get_by_role("button", name="Begin").click()
    walker.page.get_by_role("button", name="Check and publish").first.click()
    walker.page.get_by_role("button", name="Make a private link").click()
    address = walker.page.locator("#share-link").inner_text()

    stranger.page.goto(address)

    expect(stranger.page.get_by_text("This is a preview.")).to_be_visible()
    expect(stranger.page.get_by_role("button", name=re.compile("^Get"))).to_have_count(0)
    walker.page.get_by_role("button", name="Take the link back").click()
    stranger.page.goto(address)
    expect(stranger.page.get_by_role("heading", name="This preview is closed.")).to_be_visible()
