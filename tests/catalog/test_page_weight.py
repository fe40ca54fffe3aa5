"""A public page is light on the wire: at most 30 kB of HTML, compressed, with a full page of cards."""

from __future__ import annotations

import gzip

import pytest

from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

HEAVIEST = 30_000  # bytes, gzip


@pytest.fixture
def full_wall(cast: Cast) -> None:
    for number in range(26):
        make_offer(cast.alice, f"Field Notes {number}", bullets=["One thing", "Another thing", "A third thing"])


@pytest.mark.parametrize("path", ["/", "/catalog", "/catalog?q=field&kind=pack", "/listings/field-notes-3", "/@alice"])
def test_public_pages_are_light(full_wall: None, client: Browser, path: str) -> None:
    page = client.get(path)

    assert page.status_code == 200
    assert len(gzip.compress(page.data)) <= HEAVIEST
