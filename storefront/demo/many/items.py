"""What is inside a generated work: prompts, and what its kind puts around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

Item = dict[str, Any]
Speak = Callable[[str], str]


def items_of(draw: Random, kind: str, title: str, speak: Speak, stages: Sequence[Mapping[str, Any]]) -> list[Item]:
    """The items of a work of ``kind``, in their order, as ``works.services.replace_items`` takes them."""
    chosen = sorted(draw.sample(range(len(stages)), draw.randint(3, 5)))
    prompts = [_prompt(stages[at], at, speak) for at in chosen]
    around = {"flow": _graph, "pack": _read_me, "project": _project}[kind](title, speak, prompts)
    return [{**item, "position": position} for position, item in enumerate((*around, *prompts))]


def _item(kind: str, key: str, title: str, content: Item, parent: str | None = None) -> Item:
    return {"key": key, "parent_key": parent, "kind": kind, "title": title, "content": content}


def _prompt(stage: Mapping[str, Any], at: int, speak: Speak) -> Item:
    variables = [
        {"name": name, "label": name.capitalize(), "example": speak(_EXAMPLES[name])} for name in stage["variables"]
    ]
    return _item("prompt", f"step-{at + 1}", stage["title"], {"text": speak(stage["text"]), "variables": variables})


_EXAMPLES = {
    "material": "<input>",
    "reader": "one of the <readers>",
    "parts": "the reason, the figures, the request",
    "length": "300",
    "plan": "Begin with <input>, end with <outcome>.",
    "draft": "The <thing> as it stands.",
    "notes": "What was said on Tuesday.",
    "question": "Why now?",
}


def _read_me(title: str, speak: Speak, prompts: Sequence[Item]) -> list[Item]:
    order = ", then ".join(f"“{prompt['title']}”" for prompt in prompts)
    text = speak(f"Have <input> at hand. Use {order}. You are done when you have <outcome>.")
    return [
        _item("page", "read-me", "Read me first", {"summary": f"How {title} is meant to be used."}),
        _item("block", "order", "The order", {"type": "text", "text": text}, parent="read-me"),
    ]


def _project(title: str, speak: Speak, prompts: Sequence[Item]) -> list[Item]:
    person = {
        "role": "First reader", "voice": "Short sentences, no praise.", "traits": ["patient", "hard to impress"],
        "summary": speak("Stands for the <readers> who will have to work with this <thing>."),
    }  # fmt: skip
    return [*_read_me(title, speak, prompts), _item("character", "first-reader", "The first reader", person)]


def _graph(title: str, speak: Speak, prompts: Sequence[Item]) -> list[Item]:
    steps = [
        {"key": "in", "title": speak("<input>"), "kind": "input"},
        *({"key": one["key"], "title": one["title"], "kind": "prompt", "prompt": one["key"]} for one in prompts),
        {"key": "out", "title": speak("<outcome>"), "kind": "output"},
    ]
    edges = [{"from": a["key"], "to": b["key"]} for a, b in pairwise(steps)]
    return [_item("graph", "flow", title, {"steps": steps, "edges": edges})]
