"""A stranger looks at a listing, and its creator sees it at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from storefront.accounts.models import Person
from storefront.kit.db import db
from tests.journeys.conftest import Walker
from tests.worlds import make_offer

Walk = Callable[..., Walker]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def until_counted(page: Page) -> None:
    """Ask until the web process has written what it counted, which it does every second."""
    for _time in range(100):
        if page.get_by_role("definition").filter(has_text=re.compile(r"^1$")).count():
            return
        page.reload()
    raise AssertionError("the view was never written")


def test_a_look_shows_at_the_desk(walk: Walk, script: bool) -> None:
    creator, stranger = walk(script=script), walk(script=script)
    street, page = creator.street, creator.page
    person = street.person(plan="studio")
    title = f"Ledger of {person.name}"
    with street.app.app_context():
        slug = make_offer(db.session.get_one(Person, person.id), title, price=0).slug
    stranger.page.set_extra_http_headers({"User-Agent": BROWSER})
    for _time in range(3):
        stranger.go(f"/listings/{slug}")
    assert stranger.page.context.cookies() == []

    creator.sign_in(person)
    creator.go(f"/listings/{slug}")
    creator.go("/dashboard")
    until_counted(page)
    expect(page.get_by_role("img", name=re.compile(r"0 gets \(0 sales\) and 1 view\."))).to_be_visible()
    page.get_by_text("Show the figures as a table").click()
    expect(page.get_by_role("row", name=re.compile("0 0 1$"))).to_be_visible()

    page.get_by_label("Period").select_option("7")
    if not script:
        page.get_by_role("button", name="Show").first.click()
    expect(page).to_have_url(re.compile("days=7"))
    expect(page.get_by_text("Views, 7 days")).to_be_visible()
    page.get_by_label("By what").select_option("views")
    if not script:
        page.get_by_role("button", name="Show").last.click()
    expect(page).to_have_url(re.compile("days=7&by=views"))
    expect(page.get_by_role("region", name="Leading in 7 days")).to_contain_text(title)

    with page.expect_download() as download:
        page.get_by_role("link", name="Every day and listing as CSV").click()
    assert f",{title},1,0,0.0%,0,0.00,USD" in Path(download.value.path()).read_text(encoding="utf-8")
    creator.go("/dashboard/listings?sort=views")
    with page.expect_download() as download:
        page.get_by_role("link", name="These listings as CSV").click()
    assert title in Path(download.value.path()).read_text(encoding="utf-8")
