"""Money goes back: a shopper asks, the creator decides about one who asks often, and the license follows."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from tests.journeys.conftest import Street, Walker
from tests.journeys.places import buy
from tests.worlds import make_offer

Walk = Callable[..., Walker]


def offers(street: Street, maker: Person, count: int) -> list[Listing]:
    with street.app.app_context():
        return [make_offer(maker, f"Ledger {maker.id} {n}") for n in range(count)]


def test_a_shopper_gets_the_money_back_and_the_clone_freezes(walk: Walk, street: Street, script: bool) -> None:
    (listing,) = offers(street, street.person(plan="studio"), 1)
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(street.person())
    license = buy(page, street.url, listing.slug)
    page.get_by_role("link", name="Ask for a refund").click()
    expect(page.get_by_text("Your license ends.")).to_be_visible()

    page.get_by_label("What was wrong").fill("I need it in Welsh.")
    page.get_by_role("button", name="Ask for a refund").click()

    expect(page.get_by_text("$12.00 went back").first).to_be_visible()
    expect(page.get_by_role("button", name="Clone again")).to_have_count(0)
    walker.go("/library")
    expect(page.get_by_text("Refunded, copies frozen").first).to_be_visible()
    walker.go(f"/library/{license}")
    page.get_by_role("link", name="Open in Studio").first.click()
    expect(page.get_by_text("frozen").first).to_be_visible()


def test_who_asks_often_waits_for_the_creator(walk: Walk, street: Street, script: bool) -> None:
    maker, shopper = street.person(plan="studio"), street.person()
    asking = walk(script=script)
    asking.sign_in(shopper)
    for listing in offers(street, maker, 4):
        license = buy(asking.page, street.url, listing.slug)
        asking.page.get_by_role("link", name="Ask for a refund").click()
        asking.page.get_by_role("button", name="Ask for a refund").click()
        asking.page.get_by_text("went back").or_(asking.page.get_by_text("decides")).first.wait_for()
    expect(asking.page.get_by_text("Whoever made the work decides").first).to_be_visible()

    deciding = walk(script=script)
    deciding.sign_in(maker)
    deciding.go("/dashboard/refunds")
    deciding.page.get_by_role("link", name="Decide").first.click()
    deciding.page.get_by_role("radio", name="Decline").check()
    deciding.page.get_by_role("button", name="Decide").click()
    expect(deciding.page.get_by_text("Write why.")).to_be_visible()
    deciding.page.get_by_label("Your answer").fill("You copied every prompt.")
    deciding.page.get_by_role("button", name="Decide").click()
    expect(deciding.page.get_by_text("Declined. The buyer is told why.").first).to_be_visible()

    asking.go(f"/library/{license}")
    expect(asking.page.get_by_text("You copied every prompt.")).to_be_visible()
