"""A creator goes to Stripe to be paid, leaves half way, comes back, completes it, and is paid."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import Street, Walker
from tests.payouts.acts import earn
from tests.stripe import Stripe

Walk = Callable[..., Walker]


def see_that_axe_is_content(walker: Walker, script: bool) -> None:
    """Where it can run: it is a script itself."""
    assert not script or Axe().run(walker.page).response["violations"] == []


def test_a_creator_onboards_and_is_paid(walk: Walk, street: Street, script: bool) -> None:
    maker = street.person(plan="studio")
    walker = walk(script=script)
    page = walker.page
    walker.sign_in(maker)
    walker.go("/payouts")
    expect(page.get_by_text("Be paid by Stripe")).to_be_visible()
    see_that_axe_is_content(walker, script)
    page.get_by_label("Country").select_option("US")
    page.get_by_role("button", name="Set up payouts").click()

    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("New")
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("link", name="Save and leave for now").click()
    expect(page.get_by_role("heading", name="You left half way")).to_be_visible()
    see_that_axe_is_content(walker, script)

    page.get_by_role("button", name="Go on at Stripe").click()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Agree and submit").click()
    expect(page.get_by_role("heading", name="You can be paid")).to_be_visible()
    see_that_axe_is_content(walker, script)

    stripe = Stripe(street.sandbox)
    stripe.fund(100_000)
    with street.app.app_context():
        earn(maker, 12_34)
    walker.go("/payouts")
    page.get_by_role("button", name="Withdraw").click()
    row = page.get_by_role("table", name="Payouts", exact=True).get_by_role("row").nth(1)
    expect(row).to_contain_text("You asked for it")
    expect(row).to_contain_text("Sent")
    expect(row).to_contain_text("$12.34")
    see_that_axe_is_content(walker, script)

    account = page.get_by_text("acct_").inner_text()
    stripe.deed("balance/settle")
    stripe.deed("payouts", account=account)
    bank = page.get_by_role("table", name="Payouts to your bank")
    for _ in range(20):
        walker.go("/payouts")
        if bank.is_visible():
            break
        page.wait_for_timeout(250)  # the news comes by itself
    expect(bank.get_by_role("row").nth(1)).to_contain_text("$12.34")
    see_that_axe_is_content(walker, script)
