"""Flows: steps, and the edges that lead from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront.kit.ids import token
from storefront.works.graph_order import KIND_WORDS
from storefront.works.shapes import Faults, ListOf, Shape, Text

MOST_STEPS, MOST_EDGES = 200, 400

STEP = {
    "key": Text(60),
    "title": Text(200, needed="Say what happens in this step."),
    "kind": Text(20, needed="Choose a kind.", choices=tuple(KIND_WORDS), blank="prompt"),
    "prompt": Text(60),
    "note": Text(2000),
}
EDGE = {
    "from": Text(60, needed="Choose where it begins."),
    "to": Text(60, needed="Choose where it leads."),
    "label": Text(200),
}


def shape(_content: Mapping[str, Any]) -> Shape:
    return {"steps": ListOf(MOST_STEPS, STEP), "edges": ListOf(MOST_EDGES, EDGE)}


def blank() -> dict[str, Any]:
    return {"steps": [], "edges": []}


def refined(content: dict[str, Any]) -> dict[str, Any]:
    """Every step has a key; edges of steps that are gone are gone; what is empty and optional is left out."""
    steps = [_full(step, ("prompt", "note")) | {"key": step["key"] or new_key()} for step in content["steps"]]
    there = {step["key"] for step in steps} | {""}
    edges = [_full(edge, ("label",)) for edge in content["edges"] if {edge["from"], edge["to"]} <= there]
    return {"steps": steps, "edges": edges}


def _full(part: dict[str, Any], optional: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if value or name not in optional}


def new_key() -> str:
    return f"step-{token(6).lower()}"


def wrong(content: dict[str, Any], inside: Mapping[str, str]) -> Faults:
    found: Faults = {}
    keys: set[str] = set()
    for number, step in enumerate(content.get("steps", [])):
        if not step.get("key"):
            found[f"steps.{number}.key"] = "A step needs a key."
        elif step["key"] in keys:
            found[f"steps.{number}.key"] = "Another step has this key."
        if step.get("prompt") and inside.get(step["prompt"]) != "prompt":
            found[f"steps.{number}.prompt"] = "This prompt is not in the work any more. Choose another, or none."
        keys.add(step.get("key", ""))
    for number, edge in enumerate(content.get("edges", [])):
        for end in ("from", "to"):
            if edge[end] not in keys:
                found[f"edges.{number}.{end}"] = "This step is not in the flow."
    return found


def remapped(content: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Prompts by their new keys; steps keep theirs, which count inside the flow only."""
    steps = [{**step, "prompt": keys.get(step["prompt"], step["prompt"])} if step.get("prompt") else step
             for step in content["steps"]]  # fmt: skip
    return {**content, "steps": steps}


def with_step(content: dict[str, Any]) -> dict[str, Any]:
    """The flow with a step more, which the one before leads to."""
    steps = content["steps"]
    step = {"key": new_key(), "title": f"Step {len(steps) + 1}", "kind": "prompt", "prompt": "", "note": ""}
    edges = [*content["edges"], {"from": steps[-1]["key"], "to": step["key"], "label": ""}] if steps else []
    return {"steps": [*steps, step], "edges": edges}


def with_edge(content: dict[str, Any]) -> dict[str, Any]:
    """The flow with an edge more, from its last step back to its first until it is told otherwise."""
    if not content["steps"]:
        return content
    edge = {"from": content["steps"][-1]["key"], "to": content["steps"][0]["key"], "label": ""}
    return {**content, "edges": [*content["edges"], edge]}
