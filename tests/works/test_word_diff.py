"""What changed, word by word, and both texts in one."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from storefront.works.word_diff import Piece, merged, word_diff

TEXTS = st.text(alphabet="ab \n\u2028é⛴", max_size=60)


def test_only_the_words_that_changed_are_marked() -> None:
    assert word_diff("The quick fox\nsleeps.\n", "The slow fox\nsleeps.\n") == [
        Piece(" ", "The "),
        Piece("-", "quick"),
        Piece("+", "slow"),
        Piece(" ", " fox\nsleeps.\n"),
    ]


@given(before=TEXTS, after=TEXTS)
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.sign != "+") == before
    assert "".join(piece.text for piece in pieces if piece.sign != "-") == after
    assert all(piece.text for piece in pieces)


@given(theirs=TEXTS, mine=TEXTS)
def test_both_in_one_leaves_no_line_out(theirs: str, mine: str) -> None:
    both = merged(theirs, mine)
    for line in (*theirs.splitlines(), *mine.splitlines()):
        assert line in both


def test_shared_lines_are_there_once() -> None:
    assert merged("One.\nTheirs.\nEnd.", "One.\nMine.\nEnd.") == "One.\nTheirs.\nMine.\nEnd."
    assert merged("Same.", "Same.") == "Same."
    assert merged("", "Mine.") == "Mine."


def test_a_megabyte_takes_no_long_time() -> None:
    one = "".join(f"Line {n} of it.\n" for n in range(70_000))
    began = time.process_time()
    pieces = word_diff(one, one.replace("Line 7", "Row 7"))
    assert len(pieces) == 2
    assert word_diff("a " * 500_000, "b " * 500_000)[0].sign == "-"
    assert time.process_time() - began < 5
