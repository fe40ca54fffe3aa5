"""Cloning a version: the same keys and contents under new ids, and the origin left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storefront.accounts.queries import personal_workspace
from storefront.kit.db import db, step
from storefront.works.models import Item, Version, VersionItem, Work
from storefront.works.queries import latest_version, version_with_work
from storefront.works.services import clone_version, make_work, publish_version, replace_items
from tests.cast import Cast
from tests.works.test_versions import contents
from tests.worlds import ITEMS, make_pack

MANY = 10_000


def clone(version: Version, cast: Cast) -> Work:
    into = personal_workspace(cast.bob)
    with step():
        return clone_version(version_with_work(version.id), into)


def test_a_clone_has_the_same_keys_and_contents_and_ids_of_its_own(cast: Cast) -> None:
    work = make_pack(cast.alice)
    version = latest_version(work.id)
    made = clone(version, cast)

    assert contents(Item, work_id=made.id) == contents(VersionItem, version_id=version.id) == list(ITEMS)
    assert made.id != work.id
    assert made.public_id != work.public_id
    assert (made.kind, made.title, made.origin_version_id) == (work.kind, work.title, version.id)
    assert made.workspace_id == personal_workspace(cast.bob).id


def test_a_clone_is_of_the_version_not_of_what_came_after(cast: Cast) -> None:
    work = make_pack(cast.alice)
    first = latest_version(work.id)
    with step():
        replace_items(work, [{**ITEMS[2], "key": "new", "title": "Came later"}])
        publish_version(work, "Another opening.", by=cast.alice)
    make_pack(cast.alice, "Another work")

    assert contents(Item, work_id=clone(first, cast).id) == list(ITEMS)
    assert [item["key"] for item in contents(Item, work_id=clone(latest_version(work.id), cast).id)] == ["new"]


def test_editing_a_clone_never_changes_the_origin(cast: Cast) -> None:
    work = make_pack(cast.alice)
    version = latest_version(work.id)
    made, other = clone(version, cast), clone(version, cast)
    with step():
        mine = db.session.get_one(Item, (made.id, "opening"))
        mine.title, mine.content = "My opening", {"text": "Mine.", "variables": []}
        db.session.delete(db.session.get_one(Item, (made.id, "hello")))

    assert [item["title"] for item in contents(Item, work_id=made.id)] == ["Read me", "My opening"]
    for untouched in (work, other):
        assert contents(Item, work_id=untouched.id) == list(ITEMS)
    assert contents(VersionItem, version_id=version.id) == list(ITEMS)


def test_changing_the_origin_never_changes_a_clone(cast: Cast) -> None:
    work = make_pack(cast.alice)
    made = clone(latest_version(work.id), cast)
    with step():
        replace_items(work, [{**ITEMS[2], "content": {"text": "Changed.", "variables": []}}])
        publish_version(work, "Changed.", by=cast.alice)

    assert contents(Item, work_id=made.id) == list(ITEMS)


def test_an_item_without_its_parent_is_refused(cast: Cast) -> None:
    """A parent is a key inside the same work; a clone of another work does not count."""
    made = clone(latest_version(make_pack(cast.alice).id), cast)
    orphan = {**ITEMS[1], "key": "orphan", "parent_key": "nobody"}
    with pytest.raises(IntegrityError), step():
        replace_items(made, [orphan])

    assert contents(Item, work_id=made.id) == list(ITEMS)


def many_items() -> list[dict[str, Any]]:
    """A book of 100 pages with 99 blocks each, blocks before their pages."""
    plain = {"title": "A title", "content": {"type": "text", "text": "Some words. " * 5}}
    pages = [
        {**plain, "key": f"page-{n}", "parent_key": None, "position": n, "kind": "page"} for n in range(MANY // 100)
    ]
    blocks = [
        {**plain, "key": f"block-{n}", "parent_key": f"page-{n % len(pages)}", "position": n, "kind": "block"}
        for n in range(MANY - len(pages))
    ]
    return blocks + pages


def test_ten_thousand_items_never_travel_through_python(cast: Cast, count_statements: Callable[..., Any]) -> None:
    into = personal_workspace(cast.bob)
    with step():
        work = make_work(personal_workspace(cast.alice), "project", "A long book", many_items())
    with count_statements() as publishing, step():
        version = publish_version(work, "All of it.", by=cast.alice)
    origin = version_with_work(version.id)
    with count_statements() as cloning, step():
        made = clone_version(origin, into)

    assert len(publishing) <= 6
    assert len(cloning) <= 6
    assert db.session.scalar(sa.select(sa.func.count()).where(Item.work_id == made.id)) == MANY
    wrong = sa.select(sa.func.count()).select_from(Item).outerjoin(VersionItem, same_item(version.id))
    differing = wrong.where(Item.work_id == made.id, VersionItem.key.is_(None))
    assert db.session.scalar(differing) == 0


def same_item(version_id: int) -> sa.ColumnElement[bool]:
    """Where an item is what the version's item of its key is."""
    alike = ("key", "position", "kind", "title")
    return sa.and_(
        VersionItem.version_id == version_id,
        VersionItem.parent_key.is_not_distinct_from(Item.parent_key),
        *(getattr(VersionItem, name) == getattr(Item, name) for name in alike),
        sa.cast(VersionItem.content, sa.Text) == sa.cast(Item.content, sa.Text),
    )
