"""The operators' pages when everything goes wrong at once: axe finds nothing, and nothing leaves the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.journeys.conftest import DESKTOP, PHONE, Walker
from tests.journeys.places import TROUBLED
from tests.journeys.test_every_page import looks_wrong
from tests.journeys.trouble import make_trouble


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_full_of_trouble_are_as_good(walk: Callable[..., Walker], size: ViewportSize) -> None:
    walker = walk(size=size)
    with walker.street.app.app_context():
        make_trouble(f"Night{size['width']}")
    walker.sign_in("carol@example.com")

    assert [fault for place in TROUBLED for fault in looks_wrong(walker, place, {})] == []
