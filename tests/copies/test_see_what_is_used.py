"""bob sees in his billing how much of the month his pass has used, and finds what he copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storefront.copies.models import CopyMeter
from storefront.kit.db import db, step
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

LINK = 'href="/copies">Your copies</a>'


def test_the_pass_shows_its_meter_and_the_way_to_the_copies(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    subscription = subscribe(cast.bob)
    pay(subscription)
    with step():
        db.session.add(CopyMeter(person_id=cast.bob.id, month="2027-03", used=15))
    bob = client.as_person(cast.bob)

    page = bob.get("/billing").text
    assert 'for="copies-used">15 of 100 copies this month</label>' in page
    assert 'id="copies-used" value="15" max="100"' in page
    assert LINK in page
    set_clock(LAW + timedelta(days=13))
    assert "0 of 100 copies this month" in bob.get("/billing").text

    with step():
        subscription.status, subscription.ended_at = "canceled", LAW + timedelta(days=14)
    over = bob.get("/billing").text
    assert "this month" not in over
    assert LINK in over


def test_only_a_pass_has_a_meter_and_costs_the_statement(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    set_clock(LAW)
    pay(subscribe(cast.bob))
    subscribe(cast.mallory, family="plan", product="pro", amount=900)
    meters = {}
    for person in (cast.bob, cast.mallory):
        with count_statements() as statements:
            page = client.as_person(person).get("/billing").text
        meters[person.name] = (page.count("copies-used"), sum("copy_meters" in each for each in statements))

    assert meters == {"Bob": (2, 1), "Mallory": (0, 0)}
