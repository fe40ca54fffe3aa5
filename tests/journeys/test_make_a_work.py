"""A creator makes a work with five kinds of item, publishes, changes, compares and restores it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import Walker

Walk = Callable[..., Walker]


def begin(walker: Walker, title: str) -> str:
    """A new project of somebody with a studio plan; returns its address."""
    page = walker.page
    walker.sign_in(walker.street.person(plan="studio"))
    walker.go("/studio")
    page.get_by_role("link", name="Begin a work").click()
    page.get_by_label("Name").fill(title)
    page.get_by_label("Project").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Nothing is in this work yet.")).to_be_visible()
    return page.url.removeprefix(walker.street.url)


def save(page: Page, script: bool, editor: Locator | None = None) -> None:
    """By itself with script, by its button without."""
    if script:
        expect(page.locator("#works-state")).to_contain_text(re.compile("Saved"))
        return
    (editor or page.locator("form[data-autosave]").first).get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def add(page: Page, kind: str) -> None:
    page.get_by_label("Add an item").click()
    page.get_by_role("button", name=kind, exact=True).click()
    page.wait_for_url("**/items/*")


def name(page: Page, script: bool, title: str) -> None:
    page.get_by_label("Name", exact=True).fill(title)
    save(page, script)
    expect(page.locator("#works-outline [aria-current]")).to_contain_text(title)


def test_from_nothing_to_a_version_and_back(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    studio = begin(walker, "Morning rounds")

    page.get_by_role("button", name="page", exact=True).click()
    name(page, script, "Read me")
    page.get_by_role("button", name="Add a block: Text").click()
    block = page.get_by_label("Blocks").locator("form[data-autosave]")
    block.get_by_label("Text", exact=True).fill("Begin *slowly*.")
    save(page, script, block)
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("slowly")

    add(page, "Prompt")
    page.get_by_label("Prompt", exact=True).fill("Write about {{river}}.")
    name(page, script, "First line")
    page.get_by_label("Example for river").fill("the Elbe")
    save(page, script)
    expect(page.locator("#works-filled")).to_contain_text("Write about the Elbe.")

    for person in ("Wyn", "Osei"):
        add(page, "Character")
        name(page, script, person)
    add(page, "Relationship")
    page.get_by_label("What is between them").fill("A debt.")
    name(page, script, "Wyn and Osei")

    add(page, "Flow")
    page.get_by_role("button", name="Add a step").click()
    page.get_by_label("Step 1", exact=True).fill("Ask")
    save(page, script)
    page.get_by_role("button", name="Add a step").click()
    expect(page.get_by_label("Step 2", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Preview").locator("svg.graph")).to_contain_text("Ask")
    name(page, script, "The round")

    walker.go(f"{studio}/versions")
    page.get_by_label("What changed").fill("The **first** one.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.").first).to_be_visible()

    walker.go(studio)
    page.locator("#works-outline").get_by_role("link", name="First line").click()
    page.get_by_label("Prompt", exact=True).fill("Write about {{sea}}.")
    save(page, script)
    walker.go(f"{studio}/compare")
    expect(page.locator("del").first).to_contain_text("river")
    expect(page.locator("ins").first).to_contain_text("sea")

    walker.go(f"{studio}/versions")
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.get_by_text("Version 1 is restored.")).to_be_visible()
    page.locator("#works-outline").get_by_role("link", name="First line").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("Write about {{river}}.")
    assert bool(walker.by_htmx) is script


def test_deleting_is_undone(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    begin(walker, "Short")
    page.get_by_role("button", name="prompt", exact=True).click()
    name(page, script, "Only one")
    page.get_by_label("Move, duplicate or delete this item").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Only one” is deleted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#works-outline")).to_contain_text("Only one")


def test_items_move_by_buttons_with_script_and_without(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    begin(walker, "Order")
    page.get_by_role("button", name="prompt", exact=True).click()
    name(page, script, "One")
    add(page, "Prompt")
    name(page, script, "Two")
    page.get_by_label("Move, duplicate or delete this item").click()
    page.get_by_role("button", name="Move up").click()

    expect(page.locator("#works-outline li")).to_have_text(["Two", "One"])


def test_items_move_by_keys_and_mouse(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    begin(walker, "Order")
    page.get_by_role("button", name="page", exact=True).click()
    name(page, True, "Folder")
    for title in ("One", "Two"):
        add(page, "Prompt")
        name(page, True, title)
    rows = page.locator("#works-outline li > a")
    expect(rows).to_have_text(["Folder", "One", "Two"])

    rows.nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(rows).to_have_text(["Folder", "Two", "One"])
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#works-outline li li > a")).to_have_text(["Two"])
    rows.get_by_text("One").drag_to(page.locator("#works-outline").get_by_text("Folder"))
    expect(page.locator("#works-outline li li > a")).to_have_text(["Two", "One"])

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_two_tabs_lose_nothing(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    begin(walker, "Two tabs")
    page.get_by_role("button", name="prompt", exact=True).click()
    page.wait_for_url("**/items/*")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Prompt", exact=True).fill("Typed here.")
    save(page, script)

    other.get_by_label("Prompt", exact=True).fill("Typed there.")
    if not script:
        other.locator("form[data-autosave]").get_by_role("button", name="Save").last.click()
    expect(other.get_by_role("alert")).to_contain_text("Typed here.")
    other.get_by_role("button", name="Edit both together").click()
    expect(other.get_by_label("Prompt", exact=True)).to_have_value("Typed here.\nTyped there.")
    other.get_by_label("Prompt", exact=True).fill("Typed here and there.")
    save(other, script)
    page.reload()

    expect(page.get_by_label("Prompt", exact=True)).to_have_value("Typed here and there.")


def test_typing_on_while_it_saves_is_no_conflict_with_oneself(walk: Walk) -> None:
    """What was queued behind a slow save goes out with the revision that save has made."""
    walker = walk()
    page = walker.page
    begin(walker, "Quick")
    page.get_by_role("button", name="prompt", exact=True).click()
    page.wait_for_url("**/items/*")
    held: list[Route] = []
    page.route("**/items/*", lambda route: held.append(route), times=1)
    field = page.get_by_label("Prompt", exact=True)
    field.fill("One.")
    expect(page.locator("#works-state")).to_have_text("Saving")
    with page.expect_request("**/items/*"):
        field.fill("One. Two.")
        page.keyboard.press("Control+s")
        held[0].continue_()

    expect(page.locator("#works-state")).to_contain_text("Saved")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("One. Two.")


def test_what_could_not_be_sent_is_sent_again(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    begin(walker, "Away")
    page.get_by_role("button", name="prompt", exact=True).click()
    page.wait_for_url("**/items/*")
    page.context.set_offline(True)
    page.get_by_label("Prompt", exact=True).fill("Typed on a train.")
    expect(page.locator("#works-state")).to_have_text("Not saved. Trying again in 5 s")
    page.context.set_offline(False)
    walker.complaints.clear()  # HTMX tells the console that the network was away

    expect(page.locator("#works-state")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("Typed on a train.")
