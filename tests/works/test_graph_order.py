"""A flow reads in order: every step after those that lead to it, cycles cut where they close."""

from hypothesis import given
from hypothesis import strategies as st

from storefront.works.graph_order import Way, edges_of, flow_order, steps_in_order

TRIAGE = {
    "steps": [
        {"key": "send", "title": "Send it", "kind": "output"},
        {"key": "paste", "title": "Paste the batch", "kind": "input", "note": "Thirty at most."},
        {"key": "sort", "title": "Sort into piles", "kind": "prompt", "prompt": "sort-batch"},
        {"key": "right", "title": "Do they look right?", "kind": "decision"},
    ],
    "edges": [
        {"from": "paste", "to": "sort"},
        {"from": "sort", "to": "right"},
        {"from": "right", "to": "sort", "label": "No"},
        {"from": "right", "to": "send", "label": "Yes"},
    ],
}


def test_steps_come_in_the_order_of_the_flow_not_of_the_file() -> None:
    steps = steps_in_order(TRIAGE)
    assert [(step.number, step.key) for step in steps] == [
        (1, "paste"),
        (2, "sort"),
        (3, "right"),
        (4, "send"),
    ]
    assert [step.kind_word for step in steps] == ["Input", "Prompt", "Decision", "Output"]
    assert (steps[0].note, steps[0].prompt, steps[1].prompt) == ("Thirty at most.", None, "sort-batch")


def test_a_step_says_where_it_leads_and_when() -> None:
    decision = steps_in_order(TRIAGE)[2]
    assert decision.ways == (Way(2, "Sort into piles", "No"), Way(4, "Send it", "Yes"))


def test_ties_keep_the_authors_order() -> None:
    assert flow_order(4, [(3, 0)]) == [1, 2, 3, 0]


def test_a_cycle_is_cut_at_its_way_back() -> None:
    assert flow_order(4, [(0, 2), (2, 3), (3, 2), (3, 1)]) == [0, 2, 3, 1]


def test_a_flow_that_is_one_cycle_begins_with_the_authors_first() -> None:
    assert flow_order(3, [(0, 1), (1, 2), (2, 0)]) == [0, 1, 2]


def test_a_step_that_repeats_itself_waits_for_nobody() -> None:
    assert flow_order(2, [(0, 0), (0, 1)]) == [0, 1]


def test_an_edge_to_nowhere_is_left_out() -> None:
    content = {
        **TRIAGE,
        "edges": [{"from": "paste", "to": "gone"}, {"from": "gone", "to": "sort", "label": "x"}],
    }
    assert edges_of(content) == []
    assert all(step.ways == () for step in steps_in_order(content))


def test_a_kind_to_come_is_a_step_and_nothing_is_nothing() -> None:
    content = {"steps": [{"key": "a", "title": "A", "kind": "hologram"}], "edges": []}
    assert steps_in_order(content)[0].kind_word == "Step"
    assert steps_in_order({"steps": [], "edges": []}) == []


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_every_step_comes_once_and_without_cycles_after_its_causes(edges: list[tuple[int, int]]) -> None:
    assert sorted(flow_order(12, edges)) == list(range(12))
    forward = [(start, end) for start, end in edges if start < end]
    place = {step: i for i, step in enumerate(flow_order(12, forward))}
    assert all(place[start] < place[end] for start, end in forward)
