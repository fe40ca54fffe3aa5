"""Whatever is done to a clone, its origin stays; whatever is done to the origin, the clone stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.kit.errors import Refusal
from storefront.media.models import Media
from storefront.media.services import keep, store
from storefront.works import services
from storefront.works.contents import draft, published
from storefront.works.kinds import KINDS
from storefront.works.models import Item, Undo, Version, Work
from storefront.works.queries import version_with_work
from tests.cast import Cast
from tests.works.studio import state

TITLES = st.text(alphabet="aé⛴ ش", min_size=1, max_size=8)
DRAWN = ["page", "prompt", "block", "character", "relationship", "graph", "file"]
ITEMS = st.lists(st.tuples(st.sampled_from(DRAWN), st.integers(0, 9), TITLES), max_size=14)
WRITTEN = {"page": "summary", "prompt": "text", "block": "text", "character": "summary", "relationship": "summary"}
BLANK = {"role": "", "voice": "", "traits": []}
EDITS = st.lists(
    st.tuples(st.sampled_from(["save", "add", "copy", "delete", "undo", "into", "up", "restore"]),
              st.integers(0, 40), st.integers(0, 40), TITLES),
    min_size=1, max_size=15,
)  # fmt: skip


def random_rows(drawn: list[tuple[str, int, str]], files: Sequence[Media]) -> list[dict[str, Any]]:
    """Items as they were drawn, each below one of the pages before it or at the top; a block always below one.

    What refers to others refers to those before it: a block to a file or a prompt, a flow to prompts, a relationship to
    two characters. One that lacks them is a character.
    """
    rows: list[dict[str, Any]] = []
    for number, (kind, place, title) in enumerate(drawn):
        before = {each: [row["key"] for row in rows if row["kind"] == each] for each in DRAWN}
        pages = before["page"]
        parent = pages[place % len(pages)] if pages and (kind == "block" or place % 2) else None
        if kind == "block" and parent is None:
            kind = "page"
        if kind == "relationship" and len(before["character"]) < 2:
            kind = "character"
        rows.append(
            {"key": f"k{number}", "parent_key": parent, "position": number, "kind": kind, "title": title,
             "content": random_content(kind, place, title, before, files)}
        )  # fmt: skip
    return rows


def random_content(
    kind: str, place: int, text: str, before: dict[str, list[str]], files: Sequence[Media]
) -> dict[str, Any]:
    prompts = before["prompt"][place % 3 :]
    if kind == "block":
        named = before["file"][place % 3 :]
        reference = {"image": {"file": named[0]} if named else {}, "prompt": {"prompt": prompts[0]} if prompts else {}}
        type = ("image", "prompt", "text")[place % 3]
        return {"type": type, "text": text, **reference.get(type, {})}
    if kind == "graph":
        steps = [{"key": key, "title": f"Step {text}", "kind": "prompt", "prompt": key} for key in prompts]
        edges = [{"from": one["key"], "to": other["key"]} for one, other in pairwise(steps)]
        return {"steps": steps, "edges": edges}
    if kind == "relationship":
        return {"between": before["character"][-2:], "summary": text}
    if kind == "file":
        file = files[place % len(files)]
        return {"name": "a.txt", "content_type": file.content_type, "size": file.size, "sha256": file.sha256}
    if kind == "prompt":
        return {"text": text, "variables": [], "note": ""}
    return {"summary": text} if kind == "page" else {**BLANK, "summary": text}


def edit(work: Work, edits: list[tuple[str, int, int, str]], by: Person) -> None:
    """Do what was drawn to the work; what is refused is left out."""
    undos: list[Undo] = []
    for deed, first, second, text in edits:
        items = db.session.query(Item).filter(Item.work_id == work.id).order_by(Item.key).all()
        if not items:
            return
        item, other = items[first % len(items)], items[second % len(items)]
        try:
            if deed == "save":
                content = {**item.content, WRITTEN[item.kind]: text} if item.kind in WRITTEN else item.content
                services.save_item(work, item, text, content, began_from=services.revision_of(item))
            elif deed == "add":
                services.add_item(work, "prompt", text, by=by, parent=item.parent_key)
            elif deed == "copy":
                services.duplicate_item(work, item, by=by)
            elif deed == "delete":
                undos.append(services.delete_item(work, item, by=by))
            elif deed == "undo" and undos:
                services.use_undo(work, undos.pop(), by=by)
            elif deed == "into":
                services.move_beside(work, item, other, "into")
            elif deed == "up":
                services.step_item(work, item, "up")
            elif deed == "restore" and work.origin_version_id:
                services.restore_version(work, version_with_work(work.origin_version_id), by=by)
        except Refusal:
            continue
        db.session.flush()


def said(version: Version) -> list[tuple[Any, ...]]:
    rows = published(version).columns("key", "parent_key", "position", "kind", "title", "content")
    return sorted(map(tuple, db.session.execute(rows)), key=lambda row: row[0])


def faults_in(work: Work) -> dict[str, Any]:
    """What is wrong with items of a work by its own keys alone: whatever refers must refer to an item of the work."""
    inside = draft(work).kinds()
    found = {item.key: KINDS[item.kind].faults(item.content, inside) for item in draft(work).all()}
    lost = {item.key: "no parent" for item in draft(work).all() if item.parent_key and item.parent_key not in inside}
    return {key: wrong for key, wrong in {**found, **lost}.items() if wrong}


def names_of(work: Work, versions: Sequence[Version] = ()) -> set[str]:
    """The ids by which others could name a work or its versions, as text; short figures would be found anywhere."""
    return {work.public_id, f'"work_id": {work.id}', *(f'"version_id": {version.id}' for version in versions)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ITEMS.filter(bool), mine=EDITS, theirs=EDITS)
def test_clone_and_origin_never_change_each_other(
    cast: Cast, drawn: list[tuple[str, int, str]], mine: list[Any], theirs: list[Any]
) -> None:
    alice, bob = cast.alice, cast.bob
    home, away = personal_workspace(alice), personal_workspace(bob)
    stored = [store(text, "text/plain") for text in (b"one", b"two")]
    with step():
        origin = services.make_work(home, "pack", "Origin", random_rows(drawn, [keep(each) for each in stored]))
        version = services.publish_version(origin, "First.", by=alice)
        clone = services.clone_version(version_with_work(version.id), away)
        other = services.clone_version(version_with_work(version.id), away)
        first = state(origin)
        assert state(clone) == state(other) == said(version) == first
        assert faults_in(clone) == faults_in(other) == faults_in(origin) == {}
        written = json.dumps(state(clone), ensure_ascii=False)
        assert [name for name in names_of(origin, [version]) if name in written] == []

        edit(clone, mine, bob)
        assert state(origin) == state(other) == said(version) == first

        changed = state(clone)
        edit(origin, theirs, alice)
        assert state(clone) == changed
        assert state(other) == said(version) == first
        db.session.rollback()
