"""A copy that stays alive: the creator's next version, what the holder takes and keeps of it, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db
from storefront.licenses.models import License
from tests.journeys.conftest import Street, Walker
from tests.library.holding import hold
from tests.library.updating import contents, edit, page, placed, prompt, release_with
from tests.worlds import make_offer

Walk = Callable[..., Walker]

FIRST = [page("read-me"), prompt("opening", "Write the first line."), prompt("ending", "End it there.")]
SECOND = [page("read-me"), prompt("opening", "Write the very first line."), prompt("ending", "End it late.")]


def copy_with_an_update(street: Street) -> tuple[Person, License, Listing]:
    """A shopper's copy of version 1, with an ending of their own, and the creator's version 2."""
    alice, bob = street.person(plan="studio"), street.person()
    with street.app.app_context():
        listing = make_offer(alice, f"Ferry Lines {street.people}", price=0, items=placed(FIRST))
        license = hold(bob, listing)
        edit(license, "ending", content={"text": "End it now.", "variables": [], "note": ""})
        release_with(listing, SECOND, alice)
    return bob, license, listing


def test_a_shopper_takes_one_change_keeps_one_of_their_own_and_undoes(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    bob, license, _listing = copy_with_an_update(walker.street)
    walker.sign_in(bob)
    expect(page.get_by_text("Update available: version 2")).to_be_visible()
    page.get_by_role("link", name="See what changed").click()
    opening, ending = (page.get_by_role("group", name=name, exact=True) for name in ("Opening", "Ending"))
    expect(opening.get_by_label("Take theirs")).to_be_checked()
    expect(ending.get_by_label("Keep mine")).to_be_checked()
    page.get_by_role("button", name="Apply these 2 choices").click()

    expect(page.get_by_text("Your copy is up to date.")).to_be_visible()
    assert texts(walker, license) == {"opening": "Write the very first line.", "ending": "End it now."}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Take all 2")).to_be_visible()
    assert texts(walker, license) == {"opening": "Write the first line.", "ending": "End it now."}


def texts(walker: Walker, license: License) -> dict[str, str]:
    with walker.street.app.app_context():
        found = {key: text for key, text in contents(license)[None] if key != "read-me"}
        db.session.rollback()
    return found


def test_a_holder_downloads_the_work(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    bob, license, listing = copy_with_an_update(walker.street)
    walker.sign_in(bob)
    walker.go(f"/library/{license.public_id}")
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download .pmtpk").click()

    assert begun.value.suggested_filename == f"{listing.slug}-2.pmtpk"


def test_a_prompt_is_saved_found_removed_and_put_back(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    bob, _license, _listing = copy_with_an_update(walker.street)
    walker.sign_in(bob)
    page.get_by_role("link", name="Open in Studio").first.click()
    page.wait_for_url("**/studio/**")
    walker.go(re.sub(r"\?.*", "", page.url.removeprefix(walker.street.url)).split("/items/")[0] + "/items/opening")
    page.get_by_role("button", name="Save this prompt").click()
    page.get_by_role("link", name="saved prompts").click()

    expect(page.get_by_text("Write the first line.")).to_be_visible()
    page.get_by_role("button", name="Remove Opening").click()
    expect(page.get_by_text("is off your list")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Write the first line.")).to_be_visible()
    assert any("/removal" in path for path in walker.by_htmx) is script
