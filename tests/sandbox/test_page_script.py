"""The payment page with script on: choices fill fields, and an impatient press pays once."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storefront.sandbox.server import RunningSandbox
from tests.browsers import find_chromium
from tests.sandbox.conftest import Client
from tests.sandbox.orders import order


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": arguments}


@pytest.fixture
def checkout(page: Page, client: Client, sandbox: RunningSandbox) -> Page:
    """A browser on the payment page of a session that leads back to the control room."""
    back = f"{sandbox.url}/?session_id={{CHECKOUT_SESSION_ID}}"
    page.goto(client.v1.checkout.sessions.create(order(success_url=back)).url)
    return page


def test_a_choice_fills_the_card_and_typing_unchooses_it(checkout: Page) -> None:
    checkout.get_by_label("Asks you to confirm").check()
    expect(checkout.get_by_label("Card number", exact=True)).to_have_value("4000 0025 0000 3155")
    expect(checkout.get_by_label("Expiry", exact=True)).to_have_value("12 / 34")
    expect(checkout.get_by_label("CVC", exact=True)).to_have_value("123")
    checkout.get_by_label("Card number", exact=True).fill("4000 0000 0000 0002")
    expect(checkout.get_by_label("Declines the card")).to_be_checked()
    checkout.get_by_label("Card number", exact=True).fill("4000")
    expect(checkout.get_by_label("Declines the card")).not_to_be_checked()


def test_a_bank_transfer_asks_for_no_card(checkout: Page) -> None:
    checkout.get_by_label("Pays later").check()
    expect(checkout.get_by_label("Card number", exact=True)).to_be_hidden()
    checkout.get_by_label("Approves").check()
    expect(checkout.get_by_label("Card number", exact=True)).to_be_visible()


def test_after_a_decline_another_choice_pays(checkout: Page) -> None:
    checkout.get_by_label("Declines the card").check()
    checkout.get_by_role("button", name="Pay $24.00").click()
    expect(checkout.get_by_role("alert")).to_contain_text("Your card was declined.")
    checkout.get_by_label("Approves").check()
    checkout.get_by_role("button", name="Pay $24.00").click()
    checkout.wait_for_url("**/?session_id=cs_test_*")


def test_an_impatient_press_pays_once(checkout: Page, client: Client) -> None:
    checkout.get_by_label("Approves").check()
    checkout.get_by_role("button", name="Pay $24.00").dblclick()
    checkout.wait_for_url("**/?session_id=cs_test_*")
    assert len(client.v1.charges.list().data) == 1


def test_the_page_breaks_no_policy(checkout: Page, sandbox: RunningSandbox) -> None:
    said: list[str] = []
    checkout.on("console", lambda message: said.append(message.text))
    checkout.reload()
    checkout.goto(sandbox.url)
    assert [text for text in said if "Content Security Policy" in text] == []
