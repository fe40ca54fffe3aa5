"""A chart says the same in dots, in figures and in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.kit.charts import MOST_DOTS, ROWS_APART, UNIT, Chart, Measure, Point
from storefront.kit.money import money_text

SALES = Measure("Sales", "sale", "sales")
VIEWS = Measure("Views", "view", "views")
GETS = Measure("Gets", "get", "gets")
MONEY = Measure("Yours", "", "", figure=lambda amount: money_text(amount, "USD"))


def chart_of(*sold: int, seen: int = 0, dots: Measure = SALES, line: Measure | None = VIEWS) -> Chart:
    return Chart([Point(f"{day} November", f"{day} Nov", each, seen) for day, each in enumerate(sold, 1)], dots, line)


def dots_of(chart: Chart, path: str | None = None) -> list[tuple[int, int]]:
    """The full dots, or those of another path, as (point, row) from the lower left."""
    ends = [end.removesuffix("h0").split() for end in (chart.dot_path if path is None else path).split("M")[1:]]
    return [(int(x) // UNIT, (chart.height - int(y)) // UNIT) for x, y in ends]


def test_one_dot_is_one_sale() -> None:
    chart = chart_of(2, 0, 1)
    assert chart.legend == "One sale"
    assert dots_of(chart) == [(0, 0), (0, 1), (2, 0)]
    assert chart.dot_labels == ["4", "2", "0"]


@pytest.mark.parametrize(
    ("most", "each", "legend"),
    [(10, 1, "One sale"), (11, 2, "One dot, two sales"), (50, 5, "One dot, five sales"), (51, 10, "One dot, ten sales"),
     (160, 20, "One dot, 20 sales"), (9_001, 1_000, "One dot, 1,000 sales")],
)  # fmt: skip
def test_over_ten_a_dot_stands_for_more_and_says_so(most: int, each: int, legend: str) -> None:
    chart = chart_of(most, 1)
    assert (chart.each, chart.legend) == (each, legend)


def test_what_there_is_shows_even_where_a_dot_stands_for_far_more() -> None:
    assert dots_of(chart_of(1_000, 1))[-1] == (1, 0)


def test_money_is_drawn_in_round_amounts() -> None:
    chart = chart_of(128_460, 42_000, dots=MONEY, line=None)
    assert chart.legend == "One dot, $200.00"
    assert chart.dot_labels == ["$1,200.00", "$800.00", "$400.00", "$0.00"][: len(chart.dot_labels)]
    assert chart.line_labels == []


def test_both_axes_share_the_lines_of_the_grid() -> None:
    chart = chart_of(7, seen=206)
    assert chart.dot_labels == ["8", "6", "4", "2", "0"]
    assert chart.line_labels == ["240", "180", "120", "60", "0"]
    assert len(chart.grid) == len(chart.dot_labels) == len(chart.line_labels)


def test_it_is_said_in_a_sentence_for_those_who_do_not_see_it() -> None:
    chart = chart_of(1, 3, seen=20)
    assert chart.sentence == ("1 November to 2 November: 4 sales and 40 views. The most was 3 sales, 2 November.")
    assert chart.said(chart.points[0]) == "1 November: 1 sale, 20 views"


def test_nothing_is_said_as_nothing() -> None:
    assert chart_of(0, 0).is_empty
    assert chart_of(0, 0).sentence == "1 November to 2 November: 0 sales and 0 views."
    nothing = Chart([], SALES, VIEWS)
    assert (nothing.is_empty, nothing.sentence, nothing.ticks, nothing.dot_path) == (True, "No figures.", [], "")


def test_names_under_it_are_few_and_hold_the_first_and_the_last() -> None:
    month = chart_of(*[1] * 30)
    assert [tick.text for tick in month.ticks] == ["1 Nov", "8 Nov", "15 Nov", "22 Nov", "30 Nov"]
    assert [tick.text for tick in month.ticks if not tick.minor] == ["1 Nov", "15 Nov", "30 Nov"]
    assert [tick.text for tick in chart_of(1).ticks] == ["1 Nov"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**9)), max_size=120))
def test_everything_stays_inside(figures: list[tuple[int, int]]) -> None:
    chart = Chart([Point(str(at), str(at), *each) for at, each in enumerate(figures)], SALES, VIEWS)

    assert chart.rows <= MOST_DOTS + 1
    assert chart.rows % ROWS_APART == 0
    assert all(0 <= row < chart.rows for _, row in dots_of(chart))
    assert {at for at, _ in dots_of(chart)} == {at for at, (sold, _) in enumerate(figures) if sold}
    assert all(0 <= float(pair.split(",")[1]) <= chart.height for pair in chart.line_points.split())
    assert len(chart.ticks) <= 7
    assert all(0 <= tick.at <= 100 for tick in chart.ticks)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=30))
def test_a_part_is_full_dots_below_rings_and_both_are_the_whole(figures: list[tuple[int, int]]) -> None:
    points = [Point(str(at), str(at), sold + more, part=sold) for at, (sold, more) in enumerate(figures)]
    chart, whole = Chart(points, GETS, None, SALES), Chart(points, GETS)

    full, rings = dots_of(chart), dots_of(chart, chart.ring_path)

    assert sorted(full + rings) == sorted(dots_of(whole))
    assert not whole.ring_path
    assert all((at, row - 1) in full for at, row in full if row)
    assert {at for at, _ in full} == {at for at, (sold, _) in enumerate(figures) if sold}


def test_a_part_is_said_in_brackets() -> None:
    chart = Chart([Point("1 November", "1 Nov", 8, 300, 5)], GETS, VIEWS, SALES)
    assert chart.said(chart.points[0]) == "1 November: 8 gets (5 sales), 300 views"
    assert "8 gets (5 sales) and 300 views." in chart.sentence
