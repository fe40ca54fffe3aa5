"""Moving the slider of All-Access among the prices, before anybody pays."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Walker


def test_somebody_sees_where_their_ten_dollars_would_go(walk: Callable[..., Walker], script: bool) -> None:
    walker = walk(script=script, size=PHONE)
    page = walker.page
    walker.go("/pricing?interval=year")
    slider, split = page.get_by_label("Copies in a month"), page.locator("#copies-split")
    expect(split).to_contain_text("50 copies at $0.07 each")

    slider.press("End")
    if not script:
        page.get_by_role("button", name="Show the split").click()

    expect(split).to_contain_text("$7.00")
    expect(split).to_contain_text("$3.00")
    expect(slider).to_have_value("100")
    expect(page.get_by_role("button", name="Show the split")).to_have_count(0 if script else 1)
    expect(page.get_by_role("link", name="Yearly")).to_have_attribute("aria-current", "page")
    if script:
        assert walker.by_htmx == ["/all-access/simulator?copies=100"]
        assert Axe().run(page).response["violations"] == []


def test_a_number_that_cannot_be_is_put_right(walk: Callable[..., Walker], script: bool) -> None:
    walker = walk(script=script)
    page = walker.page
    walker.go("/pricing?copies=101")
    slider = page.get_by_label("Copies in a month")
    expect(slider).to_have_accessible_description("Choose a whole number from 0 to 100, not “101”.")

    slider.press("Home")
    page.get_by_role("button", name="Show the split").click()

    expect(page.locator("#copies-split")).to_contain_text("$10.00")
    expect(slider).not_to_have_attribute("aria-invalid", "true")
