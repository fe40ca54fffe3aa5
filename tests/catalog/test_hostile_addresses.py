"""Somebody writes an address by hand: a clean page or a clean refusal, never a fault of ours."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.kit.paging import encode
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

CLEAN = {200, 301, 308, 400, 404}
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
parameters = st.sampled_from(["q", "tag", "not", "price", "kind", "model", "sort", "after", "x"])
values = st.text(max_size=30) | st.sampled_from(["free", "-", ",", "-,-", "trending", "relevance", "paid,free", "\x00"])


@relaxed
@given(asked=st.lists(st.tuples(parameters, values), max_size=8))
def test_any_catalog_address_is_answered(client: Browser, asked: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked)
    assert client.get(f"/catalog?{query}").status_code in CLEAN
    assert client.htmx(f"/catalog?{query}").status_code in CLEAN


@relaxed
@given(text=st.text(min_size=1, max_size=40))
def test_any_slug_handle_or_tag_is_answered(client: Browser, text: str) -> None:
    for address in (f"/listings/{quote(text, safe='')}", f"/@{quote(text, safe='')}", f"/tags/{quote(text, safe='')}"):
        assert client.get(address).status_code in CLEAN


@relaxed
@given(made=st.lists(st.integers(-(2**70), 2**70) | st.text(max_size=8), max_size=6))
def test_any_cursor_is_answered(client: Browser, made: list[int | str]) -> None:
    for page in ("/catalog", "/catalog?sort=newest", "/@alice"):
        joint = "&" if "?" in page else "?"
        assert client.get(f"{page}{joint}after={encode(*made)}").status_code in CLEAN


@pytest.mark.parametrize("shown", [-1, -(2**62), 2**62])
def test_a_cursor_that_was_tampered_with_shows_works_all_the_same(client: Browser, cast: Cast, shown: int) -> None:
    make_offer(cast.alice)
    answer = client.get(f"/catalog?after={encode('trending', 0, 2**62, 2**62, shown)}")
    assert answer.status_code == 200
    assert "Field Notes" in answer.text


@pytest.mark.parametrize(
    "address", ["/listings/%00", "/@%00", "/@Alice", "/listings/Field-Notes", "/covers/x-640.webp"]
)
def test_what_is_not_there_is_not_found(client: Browser, cast: Cast, address: str) -> None:
    make_offer(cast.alice)
    assert client.get(address).status_code == 404
