"""Whatever comes between counting and writing, each visitor's first look of a day is written exactly once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storefront.analytics.counting import Count, Sight

FIRST = date(2026, 11, 26)
looks = st.tuples(
    st.just("see"), st.sampled_from(["a", "b"]), st.integers(0, 3), st.sampled_from("pqr"),
    st.sampled_from([None, 7]),
)  # fmt: skip
steps = st.lists(st.one_of(looks, st.just(("write",)), st.just(("fail",))), max_size=60)


@given(steps)
def test_every_first_look_of_a_day_is_written_once(done: list[tuple[object, ...]]) -> None:
    count = Count()
    day, seen = FIRST, set[tuple[object, ...]]()
    written: Counter[Sight] = Counter()
    expected: Counter[Sight] = Counter()
    for each in done:
        if each[0] == "see":
            _see, slug, later, who, person = each
            day = max(day, FIRST + timedelta(days=int(str(later))))  # time does not go back
            is_first = (day, slug, who) not in seen
            seen.add((day, slug, who))
            assert count.see(str(slug), day, str(who), 7 if person else None) == is_first
            expected[Sight(str(slug), day, 7 if person else None)] += is_first
        else:
            taken = count.take()
            if each[0] == "write":
                written.update(taken)
            else:
                count.give_back(taken)
    written.update(count.take())

    assert written == +expected
    assert len(count) == 0


@given(st.lists(st.integers(-3, 3), max_size=30))
def test_a_request_from_before_midnight_counts_for_the_day_that_began(offsets: list[int]) -> None:
    count = Count()
    latest = date.min
    for number, offset in enumerate(offsets):
        count.see("a", FIRST + timedelta(days=offset), f"visitor {number}")
        latest = max(latest, FIRST + timedelta(days=offset))
    taken = count.take()
    assert sum(taken.values()) == len(offsets)
    assert not taken or max(sight.day for sight in taken) == latest


def test_at_midnight_every_visitor_is_forgotten() -> None:
    count = Count()
    for number in range(5):
        count.see("a", FIRST, f"visitor {number}")
    yesterday = set(count._visitors)

    count.see("a", FIRST + timedelta(days=1), "visitor 0")

    assert len(count._visitors) == 1
    assert not yesterday & set(count._visitors)  # and under another key
