"""What the studio shows of one item, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storefront.media.models import Media
from storefront.works import files
from storefront.works.contents import AnyItem, Contents
from storefront.works.graph_svg import graph_svg, steps_in_order
from storefront.works.outline import Outline
from storefront.works.prompts import filled, parts, variables

VALUE = "v-"  # prefix of a variable's name in an address, so that none is taken for one of ours

BLOCKS_SHOWN = 50  # of one page at once

TITLED = {"heading", "text", "code", "prompt"}  # blocks that begin with words in large type

Context = dict[str, Any]


def context_of(item: AnyItem, contents: Contents, outline: Outline, arguments: Mapping[str, str]) -> Context:
    """What the template of the item's kind wants. ``arguments`` are those of the address."""
    return SHOWN[item.kind](item, contents, outline, arguments)


def _prompt(item: AnyItem, _contents: Contents, _outline: Outline, arguments: Mapping[str, str]) -> Context:
    values = {name.removeprefix(VALUE): text for name, text in arguments.items() if name.startswith(VALUE)}
    text = item.content["text"]
    asked = variables(item.content, values)
    given = {variable.name: variable.value for variable in asked}
    return {
        "parts": list(parts(text)),
        "variables": asked,
        "filled": list(filled(text, given)),
        "words_count": len(text.split()),
        "value_prefix": VALUE,
    }


def _graph(item: AnyItem, _contents: Contents, outline: Outline, _arguments: Mapping[str, str]) -> Context:
    steps = steps_in_order(item.content)
    used = dict.fromkeys(step.prompt for step in steps if step.prompt)
    prompts = [entry for key in used if (entry := outline.get(key))]
    return {"drawing": graph_svg(item.content, item.title), "steps": steps, "prompts": prompts}


def _character(item: AnyItem, contents: Contents, outline: Outline, _arguments: Mapping[str, str]) -> Context:
    ties = []
    for relationship in contents.of_kind("relationship"):
        between = relationship.content["between"]
        others = [entry for key in between if key != item.key and (entry := outline.get(key))]
        if item.key in between:
            ties.append((relationship, others))
    return {"ties": ties}


def _relationship(item: AnyItem, contents: Contents, _outline: Outline, _arguments: Mapping[str, str]) -> Context:
    characters = {each.key: each for each in contents.of_kind("character")}
    return {"between": [characters[key] for key in item.content["between"] if key in characters]}


def _page(item: AnyItem, contents: Contents, outline: Outline, arguments: Mapping[str, str]) -> Context:
    """Its blocks, of a long page a part that begins at ``from`` in the address."""
    entry = outline.entries[item.key]
    count = len(entry.children) - len(entry.members)
    asked = arguments.get("from", "")
    start = min(int(asked), max(0, count - 1)) if asked.isdecimal() and len(asked) < 9 else 0
    blocks = contents.blocks(item.key, start, BLOCKS_SHOWN)
    return {
        "blocks": blocks,
        "pictures": _pictures(blocks, contents),
        "headings": [block for block in blocks if block.content["type"] in TITLED],
        "blocks_count": count,
        "blocks_start": start,
        "blocks_behind": count - start - len(blocks),
        "blocks_shown": BLOCKS_SHOWN,
    }


def _pictures(blocks: Sequence[AnyItem], contents: Contents) -> dict[str, Media]:
    """The pictures that image blocks show, by the keys of the files that hold them."""
    shown = contents.media({block.content["file"] for block in blocks if block.content.get("file")})
    return {key: media for key, media in shown.items() if media.widths}


def _block(item: AnyItem, contents: Contents, _outline: Outline, _arguments: Mapping[str, str]) -> Context:
    """A block without a page shows itself as a page of one block."""
    pictures = _pictures([item], contents)
    return {
        "blocks": [item], "pictures": pictures, "headings": [], "blocks_count": 1, "blocks_start": 0,
        "blocks_behind": 0,
    }  # fmt: skip


def _file(item: AnyItem, contents: Contents, _outline: Outline, _arguments: Mapping[str, str]) -> Context:
    held = contents.media([item.key] if item.content else [])
    shown = files.preview(item.content) if item.content else files.Preview()
    pictures = {key: media for key, media in held.items() if media.widths}
    return {"file": item.content, "preview": shown, "pictures": pictures}


SHOWN: dict[str, Callable[[AnyItem, Contents, Outline, Mapping[str, str]], Context]] = {
    "prompt": _prompt,
    "graph": _graph,
    "character": _character,
    "relationship": _relationship,
    "page": _page,
    "block": _block,
    "file": _file,
}
