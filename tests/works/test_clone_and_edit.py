"""Whatever is done to a clone, its origin stays; whatever is done to the origin, the clone stays."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.kit.errors import Refusal
from storefront.works import services
from storefront.works.contents import published
from storefront.works.models import Item, Undo, Version, Work
from storefront.works.queries import version_with_work
from tests.cast import Cast
from tests.works.studio import state

TITLES = st.text(alphabet="aé⛴ ش", min_size=1, max_size=8)
ITEMS = st.lists(
    st.tuples(st.sampled_from(["page", "prompt", "block", "character"]), st.integers(0, 9), TITLES), max_size=12
)
EDITS = st.lists(
    st.tuples(st.sampled_from(["save", "add", "copy", "delete", "undo", "into", "up", "restore"]),
              st.integers(0, 40), st.integers(0, 40), TITLES),
    min_size=1, max_size=15,
)  # fmt: skip


def random_rows(drawn: list[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """Items as they were drawn, each below one of the pages before it or at the top; a block always below one."""
    rows: list[dict[str, Any]] = []
    for number, (kind, place, title) in enumerate(drawn):
        pages = [row["key"] for row in rows if row["kind"] == "page"]
        parent = pages[place % len(pages)] if pages and (kind == "block" or place % 2) else None
        if kind == "block" and parent is None:
            kind = "page"
        content = {"type": "text", "text": title} if kind == "block" else {"text": title, "variables": []}
        rows.append(
            {"key": f"k{number}", "parent_key": parent, "position": number, "kind": kind, "title": title,
             "content": content if kind in ("block", "prompt") else {}}
        )  # fmt: skip
    return rows


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
                content = {**item.content, "text": text}
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ITEMS.filter(bool), mine=EDITS, theirs=EDITS)
def test_clone_and_origin_never_change_each_other(
    cast: Cast, drawn: list[tuple[str, int, str]], mine: list[Any], theirs: list[Any]
) -> None:
    alice, bob = cast.alice, cast.bob
    home, away = personal_workspace(alice), personal_workspace(bob)
    with step():
        origin = services.make_work(home, "pack", "Origin", random_rows(drawn))
        version = services.publish_version(origin, "First.", by=alice)
        clone = services.clone_version(version_with_work(version.id), away)
        other = services.clone_version(version_with_work(version.id), away)
        first = state(origin)
        assert state(clone) == state(other) == said(version) == first

        edit(clone, mine, bob)
        assert state(origin) == state(other) == said(version) == first

        changed = state(clone)
        edit(origin, theirs, alice)
        assert state(clone) == changed
        assert state(other) == said(version) == first
        db.session.rollback()
