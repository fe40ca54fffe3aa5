"""Subscribing in the browser: Pro, then Studio; a card that fails and another; All-Access, its copies and its end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.config import current as settings
from storefront.kit.db import db, step
from storefront.subscriptions import queries
from storefront.subscriptions.products import prices
from tests.journeys.conftest import DESKTOP, PHONE, Street, Walker
from tests.journeys.places import Place
from tests.journeys.test_every_page import looks_wrong, weighs_wrong
from tests.journeys.test_idea_to_sale import list_it, make_a_work
from tests.stripe import Stripe
from tests.subscriptions.acts import read

Walk = Callable[..., Walker]
ONE_MINUTE = 60  # seconds


@pytest.fixture(autouse=True)
def on_sale(street: Street) -> None:
    """The sandbox sells what the shop sells, a moment after both have started."""
    with street.app.app_context():
        wanted = {price.lookup_key for price in prices(settings())}
    for _ in range(100):
        if wanted <= {price["lookup_key"] for price in read(Stripe(street.sandbox), "prices", limit=100)["data"]}:
            return
        time.sleep(0.1)
    raise AssertionError("nothing is on sale")


def see_that_axe_is_content(walker: Walker, script: bool) -> None:
    """Where it can run: it is a script itself."""
    assert not script or Axe().run(walker.page).response["violations"] == []


def get(walker: Walker, words: str, card: str = "4242 4242 4242 4242") -> None:
    """Press the button of the pricing page, and pay on Stripe's."""
    page = walker.page
    page.locator("button:visible", has_text=words).first.click()
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Billing")).to_be_visible()


def stripe_id(street: Street, person: Person, family: str = "plan") -> str:
    with street.app.app_context():
        found = {each.family: each.stripe_id for each in queries.latest(person)}
        db.session.close()
        return found[family]


def reload_until(walker: Walker, words: str, path: str = "/billing") -> None:
    """The news comes by itself."""
    for _ in range(40):
        walker.go(path)
        if walker.page.get_by_text(words).first.is_visible():
            return
        walker.page.wait_for_timeout(250)
    expect(walker.page.get_by_text(words).first).to_be_visible()


def test_from_pro_to_studio_to_publishing_within_a_minute(walk: Walk, street: Street, script: bool) -> None:
    maker = street.person()
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(maker)
    walker.go("/pricing")
    get(walker, "Get Pro for $9")
    expect(page.get_by_text("Pro is yours.").first).to_be_visible()
    see_that_axe_is_content(walker, script)
    walker.go("/studio")
    make_a_work(walker, f"A year of readouts {int(script)}", script=script)

    began = time.monotonic()
    walker.go("/pricing?plan=studio")
    page.locator("a:visible", has_text="Change to Studio").first.click()
    expect(page.get_by_text("Due today")).to_be_visible()
    see_that_axe_is_content(walker, script)
    page.get_by_role("button", name=re.compile("^Change and pay")).click()
    expect(page.get_by_text("Studio is yours.").first).to_be_visible()
    list_it(walker, f"A year of readouts {int(script)}", script=script)
    assert time.monotonic() - began < ONE_MINUTE


@pytest.mark.parametrize("script", [True])
def test_a_card_that_fails_and_another_that_pays(walk: Walk, street: Street, script: bool) -> None:
    maker, stripe = street.person(), Stripe(street.sandbox)
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(maker)
    walker.go("/pricing?interval=year")
    get(walker, "Get Pro for $90", "4000 0000 0000 0341")

    stripe.deed(f"subscriptions/{stripe_id(street, maker)}/renew")
    reload_until(walker, "Your card was declined.", "/library")
    see_that_axe_is_content(walker, script)
    page.get_by_role("link", name="Go to billing").click()
    expect(page.get_by_text("Payment failed").first).to_be_visible()
    see_that_axe_is_content(walker, script)
    page.get_by_role("button", name="Use another card").click()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Save this card").click()
    page.get_by_role("button", name=re.compile("^Try again for")).click()

    expect(page.get_by_text("Pro is paid.").first).to_be_visible()
    walker.go("/library")
    expect(page.get_by_text("Your card was declined.")).to_have_count(0)


def use_the_copy(walker: Walker) -> None:
    """Its page is looked at in every form, a prompt of it copied to the clipboard, and one saved and not saved."""
    page, path = walker.page, urlsplit(walker.page.url).path
    here = Place("copy", path)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert [*looks_wrong(walker, here, {})] == []
    assert [*weighs_wrong(walker, here, {})] == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=walker.street.url)
    button = page.get_by_role("button", name="Copy", exact=True).first
    text = page.locator(f"#{button.get_attribute('data-copy')}").inner_text()
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text != ""
    on_list = page.get_by_text("On your list of saved prompts")
    expect(on_list).to_have_count(page.locator("li[id^=prompt-]").count())  # all of it fits
    walker.go("/saved")
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_text("is off your list.")).to_be_visible()
    walker.go(path)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(1)


@pytest.mark.parametrize("script", [True])
def test_all_access_is_subscribed_to_used_canceled_and_subscribed_to_again(
    walk: Walk, street: Street, script: bool
) -> None:
    shopper = street.person()
    with street.app.app_context(), step():
        listing = db.session.query(Listing).filter_by(slug="quiet-novel-kit").one()
        listing.all_access = True
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(shopper)
    walker.go("/pricing")
    get(walker, "Get All-Access for $10")
    walker.go("/listings/quiet-novel-kit")
    expect(page.get_by_text("All-Access: 0 of 100 this month").first).to_be_visible()
    page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(page.get_by_text("It stays yours as it is.").first).to_be_visible()
    use_the_copy(walker)
    walker.go("/listings/quiet-novel-kit")
    expect(page.get_by_text("All-Access: 1 of 100 this month").first).to_be_visible()

    walker.go("/billing")
    page.get_by_role("link", name="Cancel All-Access").click()
    see_that_axe_is_content(walker, script)
    page.get_by_label("Why").select_option("It costs too much")
    page.get_by_role("button", name="Cancel All-Access").click()
    expect(page.get_by_text("All-Access ends on").first).to_be_visible()
    page.get_by_role("button", name="Keep All-Access").click()
    expect(page.get_by_text("All-Access goes on.").first).to_be_visible()
    see_that_axe_is_content(walker, script)

    Stripe(street.sandbox).deed(f"subscriptions/{stripe_id(street, shopper, 'pass')}/cancel", when="now")
    reload_until(walker, "Subscribe again")
    walker.go("/listings/quiet-novel-kit")
    expect(page.get_by_role("link", name="Open your copy").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_have_count(0)
    walker.go("/pricing")
    get(walker, "Get All-Access for $10")
    expect(page.get_by_text("All-Access is yours.").first).to_be_visible()
