"""A shopper's bank asks for the money back; an operator answers and wins, another time loses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Street, Walker
from tests.journeys.places import buy
from tests.worlds import make_offer

Walk = Callable[..., Walker]
FRAUD = "4000 0000 0000 0259"


def look_until(page: Page, text: str) -> None:
    """Look again until ``text`` is there: what the bank decides comes from outside, in its own time."""
    while page.get_by_text(text).count() == 0:
        page.reload()
    expect(page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize(
    ("words", "end", "license_says"),
    [
        ("winning_evidence", "Won. The license is good again", "Clone again"),
        ("losing_evidence", "Lost. The buyer has the money", "Revoked, copies frozen"),
    ],
    ids=["won", "lost"],
)
def test_an_operator_answers(walk: Walk, street: Street, script: bool, words: str, end: str, license_says: str) -> None:
    maker = street.person(plan="studio")
    with street.app.app_context():
        listing = make_offer(maker, f"Disputed {maker.id}")
    shopper = walk(script=script)
    shopper.sign_in(street.person())
    buy(shopper.page, street.url, listing.slug, card=FRAUD)
    look_until(shopper.page, "Disputed, frozen for now")

    operator = walk(script=script)
    operator.sign_in("carol@example.com")
    operator.go("/admin/disputes")
    operator.page.get_by_role("link", name=listing.title).click()
    expect(operator.page.get_by_label("What was bought")).to_have_value(re.compile(f"{listing.title}, version 1"))
    operator.page.get_by_label("Anything else").fill(words)
    operator.page.get_by_role("button", name="Keep as a draft").click()
    expect(operator.page.get_by_label("Anything else")).to_have_value(words)
    operator.page.get_by_role("button", name="Send to the bank").click()

    look_until(operator.page, end)
    look_until(shopper.page, license_says)
