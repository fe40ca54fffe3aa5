"""From an idea to a sale in one go: a stranger joins, writes a work, lists it; bob gets it. In under five minutes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import expect

from storefront.accounts.queries import find_person
from tests.cast import PASSWORD
from tests.journeys.conftest import Walker
from tests.journeys.test_account import open_letter
from tests.journeys.test_make_a_work import name, save
from tests.journeys.test_sell_a_work import write

Walk = Callable[..., Walker]
FIVE_MINUTES = 300  # seconds


def join_and_confirm(walker: Walker, email: str, *, script: bool) -> None:
    """Sign up, and follow the link in the letter that the mailbox has."""
    page = walker.page
    walker.go("/")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ida Idea")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    page.wait_for_url("**/library")
    open_letter(walker, email, "Confirm your e-mail", script=script)
    page.get_by_role("link", name=re.compile("confirm.")).first.click()
    expect(page.get_by_text("Your e-mail is confirmed.").first).to_be_visible()


def make_a_work(walker: Walker, title: str, *, script: bool) -> None:
    """A pack with one prompt, published as version 1."""
    page = walker.page
    page.get_by_role("link", name="Studio").first.click()
    page.get_by_role("link", name="Begin a work").click()
    page.get_by_label("Name").fill(title)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="prompt", exact=True).click()
    page.get_by_label("Prompt", exact=True).fill("Sum up {{notes}} in nine lines.")
    name(page, script, "The readout")
    page.get_by_label("Example for notes").fill("a week at the ferry")
    save(page, script)
    page.get_by_role("link", name="Publish a version").click()
    page.get_by_label("What changed").fill("The first one.")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.").first).to_be_visible()


def list_it(walker: Walker, title: str, *, script: bool) -> str:
    """All five steps, each from its button; returns where the listing hangs."""
    page = walker.page
    walker.go("/dashboard/listings")
    page.get_by_role("link", name="New listing").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Words", level=1)).to_be_visible()
    write(page, title, script=script)
    onward = page.get_by_role("main")
    onward.get_by_role("button", name="Price and license").last.click()
    expect(page.get_by_role("heading", name="Price and license", level=1)).to_be_visible()
    page.get_by_role("radio", name=re.compile("Paid")).check()
    page.get_by_label("Price", exact=True).fill("9")
    onward.get_by_role("button", name="Window dressing").last.click()
    page.get_by_label("Drawing 2").check()
    onward.get_by_role("button", name="Check and publish").last.click()
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is in the catalog").first).to_be_visible()
    page.get_by_role("link", name="Look at its page").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return page.url.removeprefix(walker.street.url)


def get_it(walker: Walker, address: str) -> None:
    """Bob buys it and opens his copy."""
    page = walker.page
    walker.sign_in("bob@example.com")
    walker.go(address)
    page.get_by_role("button", name="Get for $9.00").first.click()
    expect(page).to_have_url(re.compile(re.escape(walker.street.sandbox)))
    walker.pay()
    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    page.get_by_role("link", name="Open in Studio").click()
    expect(page.get_by_role("heading", name=re.compile("The readout")).first).to_be_visible()


def test_an_idea_becomes_a_sale_in_under_five_minutes(walk: Walk, script: bool) -> None:
    began = time.monotonic()
    creator = walk(script=script)
    email = f"ida{int(script)}@example.com"
    title = f"The Readout, {'by' if script else 'without'} script"

    join_and_confirm(creator, email, script=script)
    with creator.street.app.app_context():
        assert find_person(email) is not None
    told = creator.street.app.test_cli_runner().invoke(args=["operator", "plan", email, "studio"])
    assert told.output == f"Ida Idea <{email}> is on Studio now.\n"
    make_a_work(creator, title, script=script)
    address = list_it(creator, title, script=script)
    get_it(walk(script=script), address)

    assert bool(creator.by_htmx) is script
    assert time.monotonic() - began < FIVE_MINUTES
