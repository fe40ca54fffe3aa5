"""Text breaks at blanks, keeps to its width, and says when it was cut."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storefront.works.text_wrap import ELLIPSIS, text_width, wrap, wrap_evenly


def test_words_break_at_blanks() -> None:
    assert wrap("Sort the inbox into four piles", 15, 130, 3) == ["Sort the inbox", "into four piles"]


def test_blanks_and_line_breaks_count_as_one() -> None:
    assert wrap("  a \n\n b\tc  ", 15, 100, 3) == ["a b c"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_text_has_no_line(text: str) -> None:
    assert wrap(text, 15, 100, 3) == []
    assert wrap_evenly(text, 15, 100, 3) == []


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    lines = wrap("one two three four five six seven eight nine ten", 15, 80, 2)
    assert len(lines) == 2
    assert lines[0] == "one two"
    assert lines[1].endswith(ELLIPSIS)


def test_a_word_too_long_for_a_line_breaks_within() -> None:
    lines = wrap("Donaudampfschifffahrtsgesellschaft", 15, 100, 4)
    assert "".join(lines) == "Donaudampfschifffahrtsgesellschaft"
    assert len(lines) > 1


def test_lines_are_evened_out_where_that_costs_no_line() -> None:
    assert wrap("Do customers feel it?", 15, 140, 3) == ["Do customers feel", "it?"]
    assert wrap_evenly("Do customers feel it?", 15, 140, 3) == ["Do customers", "feel it?"]


def test_wide_scripts_take_a_full_square_and_combining_marks_nothing() -> None:
    assert text_width("日本", 10) == 20
    assert text_width("é", 10) == text_width("e\u0301", 10)


@example("00:A0I\u20c1⏩00", 90, 1)
@given(st.text(max_size=120), st.integers(20, 300), st.integers(1, 4))
def test_any_text_keeps_to_its_lines_and_width(text: str, width: int, lines: int) -> None:
    for found in (wrap(text, 15, width, lines), wrap_evenly(text, 15, width, lines)):
        assert len(found) <= lines
        rounded = width + 1e-9  # letters added up one by one end elsewhere than their sum
        assert all(text_width(line, 15) <= rounded or len(line) <= 2 for line in found)
        cut = "".join(found).endswith(ELLIPSIS) and not text.rstrip().endswith(ELLIPSIS)
        assert cut or "".join("".join(found).split()) == "".join(text.split())
