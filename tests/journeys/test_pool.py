"""The pages of All-Access after two months of copies: axe finds nothing, and nothing leaves the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.journeys.conftest import DESKTOP, PHONE, Street, Walker
from tests.journeys.places import POOLED
from tests.journeys.pool import WHO, make_pool
from tests.journeys.test_every_page import looks_wrong


@pytest.fixture(scope="session")
def going(street: Street) -> dict[str, str]:
    with street.app.app_context():
        return make_pool()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("who", WHO)
def test_pages_of_a_pool_that_is_going_are_as_good(
    walk: Callable[..., Walker], going: dict[str, str], who: str, size: ViewportSize
) -> None:
    walker = walk(size=size)
    walker.sign_in(f"{WHO[who]}@example.com")

    places = [place for place in POOLED if place.who == who]
    assert [fault for place in places for fault in looks_wrong(walker, place, going)] == []
