"""Words on pictures: in the order in which they are read, broken where they may be, never an empty box."""

from __future__ import annotations

import pytest

from storefront.kit.typesetting import Setting, cut, drawable, fit
from storefront.kit.typesetting.clusters import clusters
from storefront.kit.typesetting.lines import runs

SIZES = range(92, 39, -4)


def lines_of(text: str, width: float = 440) -> list[str]:
    return fit(text, SIZES, (width, 300), weight=640, tracking=-0.03)[1]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("née", ["n", "é", "e"]),
        ("e\u0301t", ["e\u0301", "t"]),
        ("👩‍🍳!", ["👩‍🍳", "!"]),
        ("🇺🇦🇵🇱", ["🇺🇦", "🇵🇱"]),
        ("👍🏽", ["👍🏽"]),
        ("a\x00\u2028b", ["a", "b"]),
    ],
)
def test_what_is_one_sign_stays_one(text: str, signs: list[str]) -> None:
    assert clusters(text) == signs


def test_a_line_from_right_to_left_keeps_the_order_of_its_latin_words() -> None:
    read = [run.text.strip(" ()") for run in runs("שלום (Field 12 Notes) עולם")]
    assert [text for text in read if text] == ["עולם", "Field 12 Notes", "שלום"]


def test_a_latin_line_keeps_its_order_around_hebrew_words() -> None:
    assert [run.text.strip() for run in runs("one שתיים three")] == ["one", "שתיים", "three"]


@pytest.mark.parametrize(
    ("text", "family"),
    [("Notes", "instrument-sans"), ("Письма", "onest"), ("刃", "noto-sans-sc"), ("刃の", "noto-sans-jp"),
     ("한글", "noto-sans-kr"), ("رسائل", "noto-sans-arabic"), ("🍳", "noto-emoji")],
)  # fmt: skip
def test_each_script_has_its_typeface(text: str, family: str) -> None:
    assert {run.face.family for run in runs(text)} == {family}


def test_a_sign_that_no_typeface_has_is_left_out() -> None:
    assert drawable("\U00012000 Notes \U00012001 here") == "Notes here"
    assert lines_of("\U00012000") == []


def test_words_stay_whole_and_korean_breaks_at_its_spaces() -> None:
    assert " ".join(lines_of("연구자를 위한 인터뷰 프롬프트")).split() == ["연구자를", "위한", "인터뷰", "프롬프트"]
    assert " ".join(lines_of("Prompts for interviews that do not lead")) == "Prompts for interviews that do not lead"


def test_chinese_breaks_anywhere_but_before_its_stops() -> None:
    assert all(not line.startswith(("、", "。")) for line in lines_of("研究者的访谈、提示词、合集、说明、例子。"))
    assert len(lines_of("一份给研究者的访谈提示词合集")) > 1


@pytest.mark.parametrize("text", ["W" * 80, "Prompt " * 40, "研究" * 60, "ا" * 200])
def test_nothing_is_wider_or_higher_than_its_room(text: str) -> None:
    setting, lines = fit(text, SIZES, (440, 300), weight=640, tracking=-0.03)

    assert all(setting.width(line) <= 440 for line in lines)
    assert len(lines) * setting.size <= 300


def test_what_is_cut_says_so() -> None:
    setting = Setting(27)
    assert cut("Alice", setting, 400) == "Alice"
    short = cut("Bartholomew Featherstonehaugh", setting, 200)
    assert short.endswith("…")
    assert setting.width(short) <= 200
