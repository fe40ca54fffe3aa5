"""What the studio shows of one item, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from storefront.works import files
from storefront.works.graph_svg import graph_svg, steps_in_order
from storefront.works.models import Item, Work
from storefront.works.outline import Outline
from storefront.works.prompts import filled, parts, variables
from storefront.works.queries import children_of, items_of_kind

VALUE = "v-"  # prefix of a variable's name in an address, so that none is taken for one of ours

TITLED = {"heading", "text", "code", "prompt"}  # blocks that begin with words in large type

Context = dict[str, Any]


def context_of(item: Item, work: Work, outline: Outline, arguments: Mapping[str, str]) -> Context:
    """What the template of the item's kind wants. ``arguments`` are those of the address."""
    values = {name.removeprefix(VALUE): text for name, text in arguments.items() if name.startswith(VALUE)}
    return SHOWN[item.kind](item, work, outline, values)


def _prompt(item: Item, _work: Work, _outline: Outline, values: Mapping[str, str]) -> Context:
    text = item.content["text"]
    asked = variables(item.content, values)
    given = {variable.name: variable.value for variable in asked}
    return {
        "parts": list(parts(text)),
        "variables": asked,
        "filled": list(filled(text, given)),
        "words": len(text.split()),
        "value_prefix": VALUE,
    }


def _graph(item: Item, _work: Work, outline: Outline, _values: Mapping[str, str]) -> Context:
    steps = steps_in_order(item.content)
    used = dict.fromkeys(step.prompt for step in steps if step.prompt)
    prompts = [entry for key in used if (entry := outline.get(key))]
    return {"drawing": graph_svg(item.content, item.title), "steps": steps, "prompts": prompts}


def _character(item: Item, work: Work, outline: Outline, _values: Mapping[str, str]) -> Context:
    ties = []
    for relationship in items_of_kind(work, "relationship"):
        between = relationship.content["between"]
        others = [entry for key in between if key != item.key and (entry := outline.get(key))]
        if item.key in between:
            ties.append((relationship, others))
    return {"ties": ties}


def _relationship(item: Item, work: Work, _outline: Outline, _values: Mapping[str, str]) -> Context:
    characters = {each.key: each for each in items_of_kind(work, "character")}
    return {"between": [characters[key] for key in item.content["between"] if key in characters]}


def _page(item: Item, _work: Work, _outline: Outline, _values: Mapping[str, str]) -> Context:
    blocks = [child for child in children_of(item) if child.kind == "block"]
    return {"blocks": blocks, "headings": [block for block in blocks if block.content["type"] in TITLED]}


def _block(item: Item, _work: Work, _outline: Outline, _values: Mapping[str, str]) -> Context:
    """A block without a page shows itself as a page of one block."""
    return {"blocks": [item], "headings": []}


def _file(item: Item, _work: Work, _outline: Outline, _values: Mapping[str, str]) -> Context:
    return {"file": item.content, "preview": files.preview(item.content)}


SHOWN: dict[str, Callable[[Item, Work, Outline, Mapping[str, str]], Context]] = {
    "prompt": _prompt,
    "graph": _graph,
    "character": _character,
    "relationship": _relationship,
    "page": _page,
    "block": _block,
    "file": _file,
}
