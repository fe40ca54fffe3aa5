"""Files and pictures are brought into a work and a listing: chosen, dropped or pasted, with script and without."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from storefront.kit.db import db, step
from storefront.works.models import Work
from storefront.works.services import add_item
from tests.journeys.conftest import Walker
from tests.media.kept import photo, picture
from tests.selling.desk import WORDS, make_draft
from tests.works.whole_work import make_whole_work

Walk = Callable[..., Walker]

HAND_OVER = """([base64, name, how, selector]) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/png" }));
  const target = document.querySelector(selector);
  if (how === "paste") {
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  } else {
    target.files = data.files;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }
}"""


def file(name: str, data: bytes, kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def choose(place: Locator, sent: FilePayload, *, script: bool) -> None:
    place.locator("input[type=file]").set_input_files([sent])
    if not script:
        place.get_by_role("button", name="Upload", exact=True).click()


def paste(page: Page, selector: str, data: bytes, name: str = "pasted.png") -> None:
    page.evaluate(HAND_OVER, [base64.b64encode(data).decode(), name, "paste", selector])


def is_there(shown: Locator) -> None:
    """A picture that the browser could read."""
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


@pytest.fixture
def creator(walk: Walk, script: bool) -> tuple[Walker, Work, str]:
    """Somebody with a work of theirs, and in it an image block that waits for its picture."""
    walker = walk(script=script)
    person = walker.street.person(plan="studio")
    with walker.street.app.app_context():
        work = make_whole_work(person)
        with step():
            content = {"type": "image", "text": "The harbor"}
            block = add_item(db.session.merge(work), "block", "", by=person, parent="read-me", content=content).key
    walker.sign_in(person)
    return walker, work, block


def test_a_file_takes_the_place_of_another(creator: tuple[Walker, Work, str], script: bool) -> None:
    walker, work, _block = creator
    walker.go(f"/studio/{work.public_id}/items/ledger")
    place = walker.page.get_by_role("region", name="Replace the file")

    choose(place, file("empty.md", b"", "text/markdown"), script=script)
    expect(walker.page.get_by_text("The file is empty. Choose another.").first).to_be_visible()
    choose(place, file("notes.md", b"# Crossing notes\n", "text/markdown"), script=script)

    expect(walker.page.get_by_role("link", name="Download")).to_be_visible()
    expect(walker.page.get_by_role("heading", name="Crossing notes")).to_be_visible()
    expect(walker.page.get_by_text("notes.md").first).to_be_visible()


def test_a_picture_comes_into_its_block(creator: tuple[Walker, Work, str], script: bool) -> None:
    walker, work, block = creator
    walker.go(f"/studio/{work.public_id}/items/read-me")
    place = walker.page.locator(f"[id='{block}']").first

    choose(place, file("harbor.jpg", photo(), "image/jpeg"), script=script)

    shown = walker.page.get_by_role("img", name="The harbor")
    is_there(shown)
    assert re.search(r"/pictures/[0-9a-f]{64}-640\.webp", shown.get_attribute("src") or "")


def test_a_picture_is_pasted_where_one_writes(walk: Walk) -> None:
    walker = walk()
    person = walker.street.person(plan="studio")
    with walker.street.app.app_context():
        work = make_whole_work(person)
        with step():
            content = {"type": "image", "text": "The harbor"}
            block = add_item(db.session.merge(work), "block", "", by=person, parent="read-me", content=content).key
    walker.sign_in(person)
    walker.go(f"/studio/{work.public_id}/items/read-me")

    paste(walker.page, f"[id='i-{block}'] textarea", picture(900, 600))

    is_there(walker.page.get_by_role("img", name="The harbor"))
    walker.go(f"/studio/{work.public_id}/items/ledger")
    paste(walker.page, "#works-find, body", picture(700, 500), "chart.png")
    is_there(walker.page.get_by_role("img", name="Chapter ledger"))


def test_a_listing_gets_a_cover_and_a_gallery(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    person = walker.street.person(plan="studio")
    with walker.street.app.app_context():
        listing = make_draft(person)
        with step():
            shown = db.session.merge(listing)
            shown.title, shown.tagline, shown.description = "Harbor Kit", WORDS["tagline"], WORDS["description"]
            shown.tags = ["research"]
    page = walker.page
    walker.sign_in(person)
    window = f"/dashboard/listings/{listing.id}/edit?step=window"
    walker.go(window)

    choose(page.get_by_role("region", name="A cover of your own"), file("sea.png", picture()), script=script)
    is_there(page.get_by_role("img", name="Your cover"))
    expect(page.get_by_role("radio", name="Your own")).to_be_checked()
    for number, width in enumerate((800, 900), 1):
        choose(page.get_by_role("region", name="Gallery"), file("shore.png", picture(width, 600)), script=script)
        expect(page.get_by_text(f"{number} of 8")).to_be_visible()
    page.get_by_label("What picture 2 shows", exact=True).fill("The shore")
    page.get_by_role("button", name="Save what picture 2 shows").click()
    page.get_by_role("button", name="Move picture 2 to the front").click()
    expect(page.get_by_label("What picture 1 shows", exact=True)).to_have_value("The shore")

    walker.go(f"/dashboard/listings/{listing.id}/edit?step=check")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is in the catalog now.").first).to_be_visible()
    walker.go("/listings/harbor-kit" if script else "/catalog?q=harbor")
    if not script:
        page.get_by_role("link", name="Harbor Kit").first.click()
    is_there(page.get_by_role("img", name="Cover of Harbor Kit"))
    page.get_by_role("link", name="Picture 1: The shore").click()
    expect(page).to_have_url(re.compile("#picture-1$"))
    is_there(page.get_by_role("img", name="The shore"))
    if script:
        strip = page.get_by_role("list", name="Pictures of Harbor Kit")
        before = strip.evaluate("strip => strip.scrollLeft")
        strip.press("ArrowRight")
        expect(strip).not_to_have_js_property("scrollLeft", before)
