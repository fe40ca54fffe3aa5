"""What keeps the catalog honest: somebody reports a work, it is gone, and an operator puts it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Walker
from tests.moderation.acts import OATH
from tests.worlds import make_offer

Walk = Callable[..., Walker]


def swear(page: Page) -> None:
    """Fill in a copyright claim and send it. What it asks for shows by the reason alone."""
    expect(page.get_by_label("Your work")).to_be_hidden()
    page.get_by_label("What is wrong").select_option("copyright")
    page.get_by_label("Details").fill("Stages two to five are mine.")
    page.get_by_label("Your work").fill(OATH["claimed_work"])
    page.get_by_label("Your full name").fill(OATH["contact_name"])
    page.get_by_label("Your postal address").fill(OATH["contact_address"])
    page.get_by_label("E-mail for questions").fill(OATH["contact_email"])
    page.get_by_label("I believe in good faith").check()
    page.get_by_label("Under penalty of perjury").check()
    page.get_by_role("button", name="Send the report").click()


def test_a_sworn_report_and_an_operator_who_restores(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    creator, reporter = walker.street.person(plan="studio"), walker.street.person()
    slug = f"reported-{creator.id}"
    with walker.street.app.app_context():
        make_offer(creator, f"Reported {creator.id}", slug=slug)

    walker.sign_in(reporter)
    walker.go(f"/listings/{slug}")
    page.get_by_role("link", name="Report this work").click()
    if script:
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page).to_have_url(re.compile(f"/listings/{slug}$"))
    else:
        expect(page).to_have_url(re.compile("/report$"))
    swear(page)
    expect(page.get_by_text("Thank you.").first).to_be_visible()
    assert (f"/listings/{slug}/reports" in walker.by_htmx) is script
    walker.go(f"/listings/{slug}")
    expect(page.get_by_role("heading", name="An empty hook.")).to_be_visible()

    operator = walk(script=script)
    desk = operator.page
    operator.sign_in("carol@example.com")
    operator.go("/admin/reports")
    desk.get_by_role("link", name=f"Reported {creator.id}").click()
    desk.get_by_role("radio", name="Restore Back up").check()
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("A decision without one is not kept.")).to_be_visible()
    desk.get_by_label("Reason").fill("The course is the creator's own.")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("The listing is back in the catalog.")).to_be_visible()
    asked = urlsplit(desk.url)
    decisions = f"{asked.path}/decisions?state=open"
    assert operator.by_htmx == ([decisions, decisions] if script else [])

    walker.go(f"/listings/{slug}")
    expect(page.get_by_role("heading", name=f"Reported {creator.id}").first).to_be_visible()


def test_a_stranger_signs_in_and_comes_back_to_report(walk: Walk, script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    somebody = walker.street.person()
    walker.go("/listings/field-notes-prompts")
    page.get_by_role("link", name="Report this work").click()
    page.get_by_label("E-mail").fill(somebody.email)
    page.get_by_label("Password", exact=True).fill("storefront-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile("/listings/field-notes-prompts/report$"))
    expect(page.get_by_role("heading", name="Report this work")).to_be_visible()
