"""Boxes of a flow never overlap, stay inside the drawing, and follow the flow downward."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.works.graph_layout import Box, Layout, Link, Size, lay_out, spaced

SIZE = Size(216, 66)
LABEL = Size(60, 18)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


def inside(box: Box, size: Size) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.width <= size.width and box.y + box.height <= size.height


def chain(count: int) -> Layout:
    return lay_out([SIZE] * count, [Link(i, i + 1) for i in range(count - 1)])


def test_a_chain_is_one_straight_column() -> None:
    layout = chain(5)
    assert len({round(box.x, 3) for box in layout.boxes}) == 1
    assert [box.y for box in layout.boxes] == sorted({box.y for box in layout.boxes})
    assert all(len({round(x, 3) for x, _ in route.points}) == 1 for route in layout.routes)


def test_a_fork_stands_side_by_side_under_its_decision_and_joins_again() -> None:
    layout = lay_out([SIZE] * 4, [Link(0, 1, LABEL), Link(0, 2, LABEL), Link(1, 3), Link(2, 3)])
    decision, left, right, end = layout.boxes
    assert left.y == right.y
    assert left.x + left.width < right.x
    assert decision.x == pytest.approx((left.x + right.x) / 2)
    assert end.x == pytest.approx(decision.x)
    assert decision.y < left.y < end.y


def test_the_way_back_climbs_beside_a_straight_column() -> None:
    layout = lay_out([SIZE] * 3, [Link(0, 1), Link(1, 2), Link(2, 0, LABEL)])
    assert [route.climbs for route in layout.routes] == [False, False, True]
    assert max(box.x for box in layout.boxes) - min(box.x for box in layout.boxes) < 3
    start, *_, end = layout.routes[2].points
    assert start[1] == layout.boxes[2].y
    assert end[1] == layout.boxes[0].y + SIZE.height


def test_two_edges_between_the_same_boxes_are_two_lines() -> None:
    layout = lay_out([SIZE] * 2, [Link(0, 1, LABEL), Link(0, 1, LABEL), Link(1, 0, LABEL)])
    assert len({tuple(route.points) for route in layout.routes}) == 3
    assert not any(overlap(one.label, other.label) for one, other in combinations(layout.routes, 2))


def test_a_late_input_stands_just_above_the_step_it_feeds() -> None:
    layout = lay_out([SIZE] * 5, [Link(0, 1), Link(1, 2), Link(2, 3), Link(4, 3)])
    assert layout.boxes[4].y == layout.boxes[2].y


def test_crossings_are_untangled() -> None:
    layout = lay_out([SIZE] * 6, [Link(0, 5), Link(1, 4), Link(2, 3)])
    ends = [layout.boxes[box].x for box in (5, 4, 3)]
    starts = [layout.boxes[box].x for box in (0, 1, 2)]
    assert starts == sorted(starts)
    assert ends == sorted(ends)


def test_many_edges_at_one_side_all_meet_their_box() -> None:
    down, up = [Link(0, 1, LABEL)] * 5, [Link(1, 0)] * 5
    layout = lay_out([SIZE] * 2, [*down, *up])
    upper, lower = layout.boxes
    for route in layout.routes:
        (first, _), (last, _) = route.points[0], route.points[-1]
        top, foot = (last, first) if route.climbs else (first, last)
        assert upper.x < top < upper.x + upper.width
        assert lower.x < foot < lower.x + lower.width


def test_nothing_and_one_box() -> None:
    assert lay_out([], []).boxes == []
    assert inside(lay_out([SIZE], []).boxes[0], lay_out([SIZE], []).size)


def test_places_are_as_near_as_their_gaps_allow() -> None:
    assert spaced([], [], []) == []
    assert spaced([0, 100], [10], [1, 1]) == [0, 100]
    assert spaced([5, 5], [10], [1, 1]) == [0, 10]
    assert spaced([0, 0, 0], [4, 4], [1, 1, 1]) == pytest.approx([-4, 0, 4])
    assert spaced([0, 0], [10], [1, 0.01])[0] == pytest.approx(0, abs=0.1)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=16),
    st.lists(st.sampled_from([66, 86, 106]), min_size=9, max_size=9),
)
def test_any_flow_has_room_for_everything(edges: list[tuple[int, int, bool]], heights: list[int]) -> None:
    links = [Link(start, end, LABEL if named else Size(0, 0)) for start, end, named in edges if start != end]
    layout = lay_out([Size(216, height) for height in heights], links)
    labels = [route.label for route, link in zip(layout.routes, links, strict=True) if link.label.width]
    things = [*layout.boxes, *labels]
    assert not any(overlap(one, other) for one, other in combinations(things, 2))
    assert all(inside(thing, layout.size) for thing in things)
    for route, link in zip(layout.routes, links, strict=True):
        steps = [y for _, y in route.points]
        assert steps == sorted(steps, reverse=route.climbs)
        ends = (route.points[0], layout.boxes[link.start]), (route.points[-1], layout.boxes[link.end])
        assert all(box.x < x < box.x + box.width for (x, _), box in ends)
        assert not any(passes_through(route.points, box) for box in layout.boxes)


def passes_through(points: list[tuple[float, float]], box: Box) -> bool:
    """Whether a bend of the line lies within a box."""
    return any(box.x < x < box.x + box.width and box.y + 0.01 < y < box.y + box.height - 0.01 for x, y in points)
