"""Somebody looks around the catalog: filters, orders, more works, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Street, Walker
from tests.worlds import make_offer

Walk = Callable[..., Walker]
MANY = 30


def test_filters_are_set_taken_away_and_found_again_by_going_back(walk: Walk) -> None:
    walker = walk()
    page, site = walker.page, walker.street.url
    walker.go("/catalog")
    page.get_by_role("checkbox", name="Flows").check()
    expect(page).to_have_url(f"{site}/catalog?kind=flow")
    page.get_by_label("Tags").fill("engineering, -horror")
    page.get_by_label("Tags").press("Enter")
    expect(page).to_have_url(f"{site}/catalog?tag=engineering&not=horror&kind=flow")
    page.get_by_label("Sort").select_option("price_desc")
    expect(page).to_have_url(f"{site}/catalog?tag=engineering&not=horror&kind=flow&sort=price_desc")

    page.get_by_role("link", name="Stop leaving out horror").click()
    expect(page).to_have_url(f"{site}/catalog?tag=engineering&kind=flow&sort=price_desc")
    expect(page.get_by_label("Tags")).to_have_value("engineering")
    page.go_back()
    expect(page.get_by_label("Tags")).to_have_value("engineering, -horror")
    expect(page.get_by_role("checkbox", name="Flows")).to_be_checked()
    page.get_by_role("link", name="Clear all", exact=True).click()
    expect(page.get_by_role("checkbox", name="Flows")).not_to_be_checked()

    assert walker.visits == [f"{site}/catalog"]
    assert len(walker.by_htmx) >= 5


def test_without_script_the_same_form_has_a_button(walk: Walk) -> None:
    walker = walk(script=False)
    page = walker.page
    walker.go("/catalog")
    page.get_by_role("checkbox", name="Flows").check()
    page.get_by_label("Sort").select_option("newest")
    page.get_by_role("button", name="Show works").click()
    expect(page.get_by_role("link", name="Remove the filter Flows")).to_be_visible()
    expect(page.get_by_label("Sort")).to_have_value("newest")
    page.get_by_role("link", name="Remove the filter Flows").click()
    expect(page).to_have_url(f"{walker.street.url}/catalog?sort=newest")


@pytest.fixture(scope="module")
def many(street: Street) -> str:
    """A tag that is on more works than one page holds."""
    maker = street.person(plan="studio")
    with street.app.app_context():
        for number in range(MANY):
            make_offer(maker, f"Stacked {number}", slug=f"stacked-{number}", tags=["stacked"])
    return "stacked"


def test_more_works_hang_below_those_that_hang_already(walk: Walk, script: bool, many: str) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.go(f"/catalog?tag={many}&sort=newest")
    expect(page.get_by_text(f"24 of {MANY} shown")).to_be_visible()
    page.get_by_role("link", name="Show 24 more").click()
    expect(page.get_by_text(f"{MANY} of {MANY} shown")).to_be_visible()
    titles = page.get_by_role("heading", name=re.compile(r"^Stacked \d+$"))
    expect(titles).to_have_count(MANY if script else MANY - 24)
    assert len(walker.visits) == (1 if script else 2)
    assert bool(walker.by_htmx) is script


def test_typing_brings_suggestions_that_lead_to_the_work(walk: Walk) -> None:
    walker = walk()
    page = walker.page
    walker.go("/catalog")
    page.get_by_role("searchbox").first.press_sequentially("quiet no")
    suggested = page.get_by_role("search").get_by_role("link", name=re.compile("Quiet Novel Kit"))
    suggested.click()
    expect(page).to_have_url(f"{walker.street.url}/listings/quiet-novel-kit")
    assert any(path.startswith("/catalog/suggestions?q=quiet") for path in walker.by_htmx)


def test_on_a_phone_the_filters_come_in_a_drawer(walk: Walk) -> None:
    walker = walk(size=PHONE)
    page = walker.page
    walker.go("/catalog")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("checkbox", name="Projects").check()
    page.get_by_role("button", name="Show works").click()
    expect(page.get_by_role("link", name="Remove the filter Projects")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Projects")).not_to_be_visible()
    assert walker.visits == [f"{walker.street.url}/catalog"]
