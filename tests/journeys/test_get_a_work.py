"""A stranger finds a work, clicks Get, pays, and opens it in the studio."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import PHONE, Walker

Walk = Callable[..., Walker]


def gets_by_htmx(walker: Walker, slug: str, script: bool) -> None:
    """With script HTMX asks to get the work and no page is loaded for it; without, the form posts it."""
    path = f"/listings/{slug}/orders"
    assert (path in walker.by_htmx) is script
    assert (walker.street.url + path in walker.visits) is not script


def test_a_stranger_finds_gets_pays_and_opens(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.go("/")
    page.get_by_role("searchbox").fill("field notes")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Field Notes", exact=False).first.click()
    expect(page).to_have_url(f"{walker.street.url}/listings/field-notes-prompts")
    page.get_by_role("link", name=re.compile("^Get")).first.click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Nora New")
    page.get_by_label("E-mail").fill(f"nora{int(script)}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()

    expect(page).to_have_url(f"{walker.street.url}/listings/field-notes-prompts/get")
    page.get_by_role("button", name="Get for $12.00").click()
    expect(page).to_have_url(re.compile(re.escape(walker.street.sandbox)))
    walker.pay()

    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    expect(page.get_by_text("$12.00")).to_be_visible()
    page.get_by_role("link", name="Open in Studio").click()
    expect(page).to_have_url(re.compile("/studio/wrk_"))
    gets_by_htmx(walker, "field-notes-prompts", script)


def test_a_free_work_is_theirs_at_once(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/starter-prompts")
    page.get_by_role("button", name="Get for free").click()

    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    gets_by_htmx(walker, "starter-prompts", script)
    walker.go("/listings/starter-prompts")
    expect(page.get_by_role("button", name=re.compile("^Get"))).to_have_count(0)
    expect(page.get_by_text("It is yours").first).to_be_visible()
    walker.go("/library")
    expect(page.get_by_role("heading", name=re.compile("Starter"))).to_be_visible()


def test_a_declined_card_then_a_good_one(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/inbox-triage-flow")
    page.get_by_role("button", name="Get for $9.00").click()
    walker.pay("4000 0000 0000 0002")

    expect(page.get_by_text("declined").first).to_be_visible()
    walker.pay()

    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    gets_by_htmx(walker, "inbox-triage-flow", script)


def test_the_bank_asks_and_is_told_no_then_yes(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/quiet-novel-kit")
    page.get_by_role("button", name="Get for $29.00").click()
    walker.pay("4000 0025 0000 3155")
    page.get_by_role("button", name=re.compile("Fail")).click()
    expect(page.get_by_label("Card number")).to_be_visible()
    walker.pay("4000 0025 0000 3155")
    page.get_by_role("button", name=re.compile("Complete")).click()

    expect(page.get_by_role("heading", name="It is yours.")).to_be_visible()
    gets_by_htmx(walker, "quiet-novel-kit", script)


def test_leaving_without_paying_charges_nothing(walk: Walk, script: bool) -> None:
    walker = walk(script=script, size=PHONE)
    page = walker.page
    walker.sign_in(walker.street.person())
    walker.go("/listings/quiet-novel-kit")
    page.get_by_role("button", name="Get for $29.00").first.click()
    page.get_by_role("link", name="Leave without paying").click()

    expect(page.get_by_role("heading", name="Nothing was charged.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Back to")).click()
    expect(page).to_have_url(f"{walker.street.url}/listings/quiet-novel-kit")
