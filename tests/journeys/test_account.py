"""Joining, confirming, forgetting and changing a password, with the demo's mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Walker

Walk = Callable[..., Walker]
NEW = "another-good-password"


def open_letter(walker: Walker, to: str, subject: str, *, script: bool = True) -> None:
    """Wait at the mailbox, which looks for new letters by itself with script, and open the one that comes."""
    walker.go("/dev/mail")
    row = walker.page.get_by_role("row").filter(has_text=to).filter(has_text=subject).first
    while not script and not row.count():
        walker.page.reload()
    row.get_by_role("link").click()


def test_confirming_leads_on_to_where_one_was_going(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    walker.go("/register?next=/listings/starter-prompts/get")
    page.get_by_label("Name").fill("Cleo Confirms")
    page.get_by_label("E-mail").fill("cleo@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page).to_have_url(f"{walker.street.url}/listings/starter-prompts/get")

    open_letter(walker, "cleo@example.com", "Confirm your e-mail")
    page.get_by_role("link", name=re.compile("confirm.")).first.click()

    expect(page).to_have_url(f"{walker.street.url}/listings/starter-prompts/get")


def test_a_forgotten_password_is_set_anew(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    person = walker.street.person()
    walker.go("/login")
    page.get_by_role("link", name="Forgot it?").click()
    page.get_by_label("E-mail").fill(person.email)
    page.locator("main").get_by_role("button").click()
    open_letter(walker, person.email, "Set a new password")
    page.get_by_role("link", name=re.compile("reset.")).first.click()
    for field in page.locator("input[type=password]").all():
        field.fill(NEW)
    page.locator("main").get_by_role("button").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{walker.street.url}/library")


def test_a_wrong_password_says_how_many_tries_are_left(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    person = walker.street.person()
    walker.go("/login")
    walker.page.get_by_label("E-mail").fill(person.email)
    walker.page.get_by_label("Password", exact=True).fill("not the password")
    walker.page.get_by_role("button", name="Sign in", exact=True).click()

    expect(walker.page.get_by_text(re.compile("tries left"))).to_be_visible()
    expect(walker.page.get_by_label("E-mail")).to_have_value(person.email)


def test_signing_out(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    page.get_by_label(re.compile("^Account")).first.click()
    page.get_by_role("button", name="Sign out").first.click()
    walker.go("/library")

    expect(page).to_have_url(re.compile("/login"))
