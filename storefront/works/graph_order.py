"""The steps of a flow in the order they are taken: the same facts as the drawing, as a list."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KIND_WORDS = {
    "input": "Input",
    "prompt": "Prompt",
    "decision": "Decision",
    "tool": "Tool",
    "output": "Output",
}
ANY_KIND = "Step"

Edge = tuple[int, int]
"""From and to, as positions in the list of steps."""


@dataclass(frozen=True)
class Way:
    """Where a step leads: the number and title of the next one, and the condition, if any."""

    number: int
    title: str
    label: str


@dataclass(frozen=True)
class OrderedStep:
    """A step and its number, counted from 1 in the order of the flow."""

    number: int
    key: str
    title: str
    kind: str
    kind_word: str
    prompt: str | None
    note: str
    ways: tuple[Way, ...]


def steps_in_order(content: Mapping[str, Any]) -> list[OrderedStep]:
    """The steps of a graph's content, each after those that lead to it, cycles cut where they close.

    Ties keep the author's order. An edge that names a step that isn't there is left out.
    """
    steps = content.get("steps", [])
    edges = edges_of(content)
    order = flow_order(len(steps), [(start, end) for start, end, _ in edges])
    number_of = {step: number for number, step in enumerate(order, 1)}
    return [
        OrderedStep(
            number=number_of[i],
            key=steps[i]["key"],
            title=steps[i]["title"],
            kind=steps[i]["kind"],
            kind_word=KIND_WORDS.get(steps[i]["kind"], ANY_KIND),
            prompt=steps[i].get("prompt"),
            note=steps[i].get("note", ""),
            ways=tuple(Way(number_of[end], steps[end]["title"], label) for start, end, label in edges if start == i),
        )
        for i in order
    ]


def edges_of(content: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """From, to (positions in the list of steps) and label of every edge whose two steps are there."""
    position = {step["key"]: i for i, step in enumerate(content.get("steps", []))}
    return [
        (position[edge["from"]], position[edge["to"]], edge.get("label") or "")
        for edge in content.get("edges", [])
        if edge["from"] in position and edge["to"] in position
    ]


def flow_order(count: int, edges: Sequence[Edge]) -> list[int]:
    """The steps 0 .. ``count`` - 1, every one after the steps that lead to it (Kahn's algorithm).

    Where only cycles are left, the next is a step that the flow has reached, the author's first.
    So an edge that leads back closes a cycle, and it is the one the author would call the way back.
    """
    following, waiting_for = neighbors(count, edges)
    ready = [step for step in range(count) if not waiting_for[step]]
    reached: set[int] = set()
    left = set(range(count))
    order = []
    while left:
        step = heapq.heappop(ready) if ready else min(left & reached or left)
        left.remove(step)
        order.append(step)
        for following_step in following[step]:
            reached.add(following_step)
            waiting_for[following_step].discard(step)
            if following_step in left and not waiting_for[following_step]:
                heapq.heappush(ready, following_step)
    return order


def neighbors(count: int, edges: Sequence[Edge]) -> tuple[list[set[int]], list[set[int]]]:
    """For every step, those that follow it and those that lead to it; a step never counts as its own."""
    following: list[set[int]] = [set() for _ in range(count)]
    leading: list[set[int]] = [set() for _ in range(count)]
    for start, end in edges:
        if start != end:
            following[start].add(end)
            leading[end].add(start)
    return following, leading
