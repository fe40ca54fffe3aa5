"""On what All-Access includes, whoever has no pass is told of it; whoever has, made it or holds it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storefront.checkout.services import get_free
from storefront.copies.services import copy_listing
from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.copies.worlds import LAW, pay, set_clock, subscribe
from tests.worlds import make_offer, make_team

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAGE = "/listings/field-notes"
LINK = 'href="/pricing#all-access">Or copy it with All-Access</a>'


def test_a_stranger_is_told_on_the_page_that_all_share(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, all_access=True)
    make_offer(cast.alice, "Hers alone")

    page = client.get(PAGE)

    assert page.text.count(LINK) == 1
    assert page.cache_control.public
    assert LINK not in client.get("/listings/hers-alone").text


def test_what_is_free_is_not_copied_for_money(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, price=0, all_access=True)

    assert LINK not in client.get(PAGE).text


def test_bob_is_told_until_he_has_a_pass_and_again_when_it_is_over(client: Browser, cast: Cast) -> None:
    set_clock(LAW)
    offer = make_offer(cast.alice, all_access=True)
    bob = client.as_person(cast.bob)
    assert LINK in bob.get(PAGE).text

    subscription = subscribe(cast.bob)
    pay(subscription)
    assert LINK not in bob.get(PAGE).text
    with step():
        copy_listing(offer, by=cast.bob)
        subscription.status, subscription.ended_at = "canceled", LAW + timedelta(days=1)

    after = bob.get(PAGE).text
    assert LINK in after
    assert "Open your copy" in after


def test_who_made_it_or_holds_it_is_not_told(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.mallory)
    held = make_offer(cast.alice, price=0, all_access=True, into=team)
    with step():
        get_free(held, cast.bob)
        held.pricing, held.price = "paid", 1200

    assert LINK in client.get(PAGE).text
    for person in (cast.alice, cast.mallory, cast.bob):
        assert LINK not in client.as_person(person).get(PAGE).text


def test_it_costs_a_stranger_no_statement(client: Browser, cast: Cast, count_statements: Callable[..., Any]) -> None:
    make_offer(cast.alice, all_access=True)
    make_offer(cast.alice, "Hers alone")
    taken = []
    for slug in ("field-notes", "hers-alone"):
        client.get(f"/listings/{slug}?once")
        with count_statements() as statements:
            client.get(f"/listings/{slug}")
        taken.append(len(statements))

    assert taken[0] == taken[1] > 0
