"""What people type into a search box: made into words, and never into syntax, on both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.kit.db import db, dialect
from storefront.kit.search import LONGEST_TERM, MOST_TERMS, fts5, terms, tsquery

HOSTILE = [
    "' OR 1=1 --", '"; DROP TABLE listings; --', '"unclosed', "un'closed", "a AND OR NOT b", "NEAR(a b, 3)",
    "title: x", "{title search_text} : x", "^start", "a* b*", "a:*B", "!a & (b | c", "a <-> b", "\\", "a\\'b",
    "%_%", "a\x00b", "-minus", "(", "`a`", "$$a$$", "{{ 7 * 7 }}", "<script>", "１２", "ﬁeld", "½ cup",
    "naïve", "e\u0301", "हिन्दी", "日本語", "🦊 fox", "\u202eright to left", "1e5 0x1F 3.14", "AND", "NOT",
    "or", "x" * 500, "a " * 500, "İstanbul",
]  # fmt: skip

Find = Callable[[str], bool]


@pytest.fixture
def find_in(app: Flask) -> Callable[[str], Find]:
    """``find_in(document)(typed)``: whether the engine's full-text search finds it."""

    def sqlite(document: str) -> Find:
        connection = db.session.connection()
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.probe USING fts5(title, rest)")
        connection.exec_driver_sql("INSERT INTO temp.probe (title, rest) VALUES (?, '')", (document,))
        match = sa.text("SELECT count(*) FROM temp.probe WHERE probe MATCH :query")
        return lambda typed: bool(db.session.scalar(match, {"query": fts5(terms(typed), column="title")}))

    def postgresql(document: str) -> Find:
        matches = sa.text(
            "SELECT setweight(to_tsvector('simple', :document), 'A') @@ to_tsquery('simple', :query)"
        ).bindparams(document=document)
        return lambda typed: bool(db.session.scalar(matches, {"query": tsquery(terms(typed), weight="A")}))

    return {"sqlite": sqlite, "postgresql": postgresql}[dialect()]


DOCUMENT = "Field notes for a naïve Übersetzer: 2026 edition, don't panic"


@pytest.mark.parametrize(
    "typed",
    ["field", "FIELD notes", "not", "fie", "übers", "naïve", "2026", "202", "notes, field!", "don't", "pan"],
)
def test_whole_words_and_their_beginnings_are_found(find_in: Callable[[str], Find], typed: str) -> None:
    assert find_in(DOCUMENT)(typed)


@pytest.mark.parametrize("typed", ["ield", "field zebra", "notes OR zebra", "zebra", "title"])
def test_every_word_must_be_there(find_in: Callable[[str], Find], typed: str) -> None:
    assert not find_in(DOCUMENT)(typed)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_only_words(find_in: Callable[[str], Find], typed: str) -> None:
    assert find_in("none of these")(typed) in (True, False)


def test_any_text_is_only_words(find_in: Callable[[str], Find]) -> None:
    """One engine, one document, whatever hypothesis can think of."""
    find = find_in("none of these")

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=40))
    def try_one(typed: str) -> None:
        assert find(typed) in (True, False)

    try_one()


@given(st.text(max_size=400))
def test_words_are_few_short_and_plain(typed: str) -> None:
    words = terms(typed)

    assert len(words) <= MOST_TERMS
    assert all(0 < len(word) <= LONGEST_TERM for word in words)
    assert all(character.isalnum() for word in words for character in word)


@pytest.mark.parametrize("typed", ["", " ", "!!!", "\x00", "\ud800", "__", "🦊"])
def test_what_holds_no_word_finds_nothing(find_in: Callable[[str], Find], typed: str) -> None:
    assert terms(typed) == []
    assert not find_in(DOCUMENT)(typed)


def test_text_is_folded() -> None:
    assert terms("STRASSE Straße ﬁeld") == ["strasse", "strasse", "field"]
    assert terms("snake_case don't") == ["snake", "case", "don", "t"]


def test_whole_words_where_asked() -> None:
    assert fts5(["notes"], whole=True) == '"notes"'
    assert tsquery(["notes", "field"], whole=True) == "'notes' & 'field'"
    assert tsquery(["notes"], weight="A", whole=True) == "'notes':A"
