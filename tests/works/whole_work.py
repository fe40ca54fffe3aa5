"""A work with an item of every kind, for tests of the studio."""

from __future__ import annotations

from typing import Any

from storefront.accounts.models import Person, Workspace
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import step
from storefront.media.services import keep, store
from storefront.works.models import Work
from storefront.works.services import make_work

CSV = b"chapter,title\n1,First crossing\n"
PROMPT = "Write about {{story}} in {{ words }} words.\n\nKeep <b>tags</b> as they are."

ITEMS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("read-me", "", "page", "Read me", {"summary": "Begin here."}),
    ("first-heading", "read-me", "block", "Heading", {"type": "heading", "text": "Before you begin"}),
    ("advice", "read-me", "block", "Advice", {"type": "text", "text": "Use it *slowly*. <script>x</script>"}),
    ("motto", "read-me", "block", "Motto", {"type": "quote", "text": "Wait.", "attribution": "Wyn"}),
    ("snippet", "read-me", "block", "Snippet", {"type": "code", "text": "say('<hi>')", "language": "py"}),
    ("try-it", "read-me", "block", "Try it", {"type": "prompt", "text": "It is short.", "prompt": "opening"}),
    ("drawer", "", "page", "Scene drawer", {}),
    (
        "opening", "drawer", "prompt", "Opening",
        {
            "text": PROMPT,
            "variables": [
                {"name": "story", "label": "Story", "example": "a ferry"},
                {"name": "words", "label": "Length", "example": "80"},
            ],
            "note": "Run it twice.",
        },
    ),
    ("ending", "drawer", "prompt", "Ending", {"text": "End it there.", "variables": []}),
    ("wyn", "", "character", "Wyn Harrack", {
        "role": "Ferrywoman", "voice": "Short.", "summary": "Has crossed often.", "traits": ["exact"],
    }),
    ("osei", "", "character", "Mr. Osei", {
        "role": "Postman", "voice": "Long.", "summary": "Counts change.", "traits": [],
    }),
    ("wyn-osei", "", "relationship", "Wyn and Mr. Osei", {
        "between": ["wyn", "osei"], "summary": "Forty years of exact change.",
    }),
    (
        "run", "", "graph", "The daily run",
        {
            "steps": [
                {"key": "in", "title": "Paste the scene", "kind": "input"},
                {"key": "write", "title": "Write it", "kind": "prompt", "prompt": "opening", "note": "Once."},
                {"key": "out", "title": "Read it aloud", "kind": "output"},
            ],
            "edges": [{"from": "in", "to": "write"}, {"from": "write", "to": "out", "label": "Done"}],
        },
    ),
)  # fmt: skip


def make_whole_work(by: Person, workspace: Workspace | None = None) -> Work:
    """A work with one of everything, in the workspace of ``by`` or another; its file is kept in storage."""
    stored = store(CSV, "text/csv")
    with step():
        media = keep(stored)
        named = {"name": "ledger.csv", "content_type": "text/csv", "size": media.size, "sha256": media.sha256}
        items = [*ITEMS, ("ledger", "", "file", "Chapter ledger", named)]
        return make_work(
            workspace or personal_workspace(by),
            "project",
            "Quiet Novel Kit",
            [
                {
                    "key": key, "parent_key": parent or None, "position": position, "kind": kind,
                    "title": title, "content": content,
                }
                for position, (key, parent, kind, title, content) in enumerate(items)
            ],
        )  # fmt: skip
