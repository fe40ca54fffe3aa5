"""The kinds of item: the shape of each one's content, what a new one holds, and what must be true of it.

``refined`` is what typed content becomes before it is kept; ``wrong`` is what its shape alone can't say.
``inside`` tells which keys the work has and of which kind, for what points to other items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from storefront.works.kinds import blocks, graphs, people, prompts, texts
from storefront.works.models import LONGEST_ITEM_TITLE
from storefront.works.shapes import Faults, Shape, Text, faults

Content = dict[str, Any]
Inside = Mapping[str, str]

TITLE = Text(LONGEST_ITEM_TITLE, needed="Give it a name.")


@dataclass(frozen=True)
class Kind:
    """What the studio knows of one kind of item."""

    name: str
    word: str
    icon: str
    shape: Callable[[Mapping[str, Any]], Shape]
    blank: Callable[[], Content]
    refined: Callable[[Content], Content] = lambda content: content
    wrong: Callable[[Content, Inside], Faults] = lambda _content, _inside: {}
    remapped: Callable[[Content, Mapping[str, str]], Content] = lambda content, _keys: content

    def faults(self, content: Any, inside: Inside) -> Faults:
        """What is wrong with ``content``, by path."""
        if not isinstance(content, Mapping):
            return {"": "This should be an object."}
        return faults(content, self.shape(content)) or self.wrong(dict(content), inside)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("page", "Page", "book-open", texts.page_shape, texts.blank_page),
        Kind(
            "prompt", "Prompt", "message-square-text", prompts.shape, prompts.blank, refined=prompts.refined,
            wrong=prompts.wrong,
        ),
        Kind(
            "graph", "Flow", "workflow", graphs.shape, graphs.blank, refined=graphs.refined, wrong=graphs.wrong,
            remapped=graphs.remapped,
        ),
        Kind("character", "Character", "user-round", people.character_shape, people.blank_character),
        Kind(
            "relationship", "Relationship", "users-round", people.relationship_shape, people.blank_relationship,
            wrong=people.wrong, remapped=people.remapped,
        ),
        Kind(
            "block", "Block", "text", blocks.shape, blocks.blank, refined=blocks.refined, wrong=blocks.wrong,
            remapped=blocks.remapped,
        ),
        Kind("file", "File", "file-text", texts.file_shape, texts.blank_file, wrong=texts.wrong_file),
    )
}  # fmt: skip

ICONS = {kind.name: kind.icon for kind in KINDS.values()}
WORDS = {kind.name: kind.word for kind in KINDS.values()}
