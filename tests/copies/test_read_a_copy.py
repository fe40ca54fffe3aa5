"""bob copies a premium pack: its text is nowhere before, and his for good after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer

TEXT = "Write the first line of"
PAGE = "/listings/field-notes"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_bob_copies_and_keeps_what_he_copied(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    make_offer(cast.alice, all_access=True)
    bob = client.as_person(cast.bob)
    assert "this month" not in bob.get(PAGE).text
    assert bob.post(f"{PAGE}/copies").status_code == 403
    subscription = subscribe(cast.bob)
    pay(subscription)

    before = bob.get(PAGE).text
    assert "0 of 100 this month" in before
    assert TEXT not in before
    answer = bob.post(f"{PAGE}/copies")
    assert answer.status_code == 303
    assert TEXT in bob.get(answer.location).text
    assert "1 of 100 this month" in bob.get(PAGE).text
    again = bob.post(f"{PAGE}/copies", headers={"Accept": "application/json"})
    assert again.status_code == 409
    assert "You copied this already this month." in again.text

    with step():
        subscription.status, subscription.ended_at = "canceled", LAW + timedelta(days=1)
    assert TEXT in bob.get(answer.location).text
    assert "Open your copy" in bob.get(PAGE).text
    assert bob.post(f"{PAGE}/copies").status_code == 403
    assert "Field Notes" in bob.get("/copies").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_strangers_page_holds_no_meter(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, all_access=True)

    assert "this month" not in client.get(PAGE).text
