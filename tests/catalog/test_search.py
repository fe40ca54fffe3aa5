"""Somebody types what they look for."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storefront.catalog.browse import browse
from storefront.catalog.filters import Filters
from storefront.catalog.services import suspend, unpublish
from storefront.kit.db import step
from tests.browser import Browser
from tests.cast import Cast
from tests.worlds import make_offer

HOSTILE = [
    '"', "'", "a'b", 'NEAR("a" "b")', "title : x", "a AND", "NOT a", "*", "a*", "^a", "{title} : a", "a:*", "a & | !",
    "a <-> b", "(", "\\", "%", "_", ";--", "\x00", "a\x00b", "💥", "́", "ﬁn", "İ", "-", "a" * 5000, "' OR 1=1",
    "to_tsquery", "\ud7ff", "\u202e", "日本語",
]  # fmt: skip


def found(q: str) -> list[str]:
    return [row.slug for row in browse(Filters(q=q)).rows]


@pytest.fixture
def shelf(cast: Cast) -> None:
    make_offer(cast.alice, "Interview Room", tagline="Questions that never lead.", tags=["research"])
    make_offer(cast.alice, "Small Talk", tagline="For interviews with shy people.", tags=["dialogue"])
    make_offer(cast.alice, "Café Ledger", tagline="Books for bakers.", tags=["field-work"])


@pytest.mark.parametrize(
    ("q", "slugs"),
    [
        ("interview", ["interview-room", "small-talk"]),
        ("inter", ["interview-room", "small-talk"]),
        ("INTERVIEW room", ["interview-room"]),
        ("room interview", ["interview-room"]),
        ("interview bakers", []),
        ("shy", ["small-talk"]),
        ("dialogue", ["small-talk"]),
        ("field", ["café-ledger"]),
        ("café", ["café-ledger"]),
        ("alice talk", ["small-talk"]),
        ("view", []),
        ("!!!", []),
    ],
)
def test_words_and_beginnings_are_found_when_all_of_them_match(shelf: None, q: str, slugs: list[str]) -> None:
    assert found(q) == slugs


def test_what_left_the_catalog_is_not_found(cast: Cast) -> None:
    gone, bad = make_offer(cast.alice, "Gone Letters"), make_offer(cast.alice, "Bad Letters")
    with step():
        unpublish(gone, by=cast.alice)
        suspend(bad, "Copied from a book.")
    assert found("letters") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60))
@example(q=" ".join(HOSTILE))
def test_any_text_gives_a_page(client: Browser, q: str) -> None:
    assert client.get("/catalog", query_string={"q": q}).status_code == 200
    assert client.get("/catalog/suggestions", query_string={"q": q}).status_code == 200


@pytest.mark.parametrize("q", HOSTILE)
def test_text_that_looks_like_syntax_is_only_text(client: Browser, shelf: None, q: str) -> None:
    assert client.get("/catalog", query_string={"q": q}).status_code == 200
    assert client.get("/catalog/suggestions", query_string={"q": q}).status_code == 200


def test_suggestions_are_works_tags_and_everything(client: Browser, shelf: None) -> None:
    page = client.get("/catalog/suggestions?q=re").text
    assert "<html" not in page
    assert re.findall(r'<a href="/listings/([^"]+)"', page) == ["interview-room"]
    assert 'href="/catalog?tag=research"' in page
    assert re.search(r'href="/catalog\?q=re".*Everything for <b>re</b>', page)


def test_nothing_typed_suggests_nothing(client: Browser, shelf: None) -> None:
    assert client.get("/catalog/suggestions?q=+").text.strip() == ""


def test_a_slip_of_the_fingers_is_met_with_the_tag_that_was_meant(client: Browser, shelf: None) -> None:
    assert (
        'Did you mean <a class="a" href="/catalog?tag=research">research</a>?' in client.get("/catalog?q=reserch").text
    )


def test_the_search_is_shown_again_and_can_be_cleared(client: Browser, shelf: None) -> None:
    page = client.get("/catalog?q=interview&kind=pack").text
    assert 'name="q" value="interview"' in page
    assert 'href="/catalog?kind=pack" aria-label="Clear the search"' in page
