"""Publishing versions: numbered, complete, and never changed afterwards."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from storefront.accounts.queries import personal_workspace
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.works.contents import COPIED
from storefront.works.models import Item, Version, VersionItem, Work
from storefront.works.queries import latest_version
from storefront.works.services import NothingToPublish, make_work, publish_version, replace_items
from tests.cast import Cast
from tests.worlds import ITEMS, make_pack


def contents(model: Any, **owner: int) -> list[dict[str, Any]]:
    """The items of a work or a version, in their order, without whose they are."""
    ((column, value),) = owner.items()
    query = sa.select(*(getattr(model, name) for name in COPIED)).where(getattr(model, column) == value)
    return [dict(row) for row in db.session.execute(query.order_by(model.position)).mappings()]


def numbers(work: Work) -> list[int]:
    return list(db.session.scalars(sa.select(Version.number).where(Version.work_id == work.id)))


def test_a_version_is_the_work_as_it_stood(cast: Cast) -> None:
    work = make_pack(cast.alice)
    version = latest_version(work.id)

    assert contents(VersionItem, version_id=version.id) == list(ITEMS)
    assert (version.number, version.changelog) == (1, "First release.")
    assert version.item_counts == {"page": 1, "block": 1, "prompt": 1}


def test_the_next_version_leaves_the_one_before_as_it_was(cast: Cast) -> None:
    work = make_pack(cast.alice)
    first = latest_version(work.id)
    with step():
        replace_items(work, [{**ITEMS[2], "title": "A better opening"}])
        second = publish_version(work, "Better.", by=cast.alice)

    assert second.number == 2
    assert latest_version(work.id).id == second.id
    assert contents(VersionItem, version_id=first.id) == list(ITEMS)
    assert [item["title"] for item in contents(VersionItem, version_id=second.id)] == ["A better opening"]
    assert second.item_counts == {"prompt": 1}


def test_publishing_is_recorded(cast: Cast) -> None:
    work = make_pack(cast.alice)
    event = db.session.scalars(sa.select(Event).where(Event.name == "version.published")).one()

    assert event.actor_id == cast.alice.id
    assert event.data == {"work": work.id, "number": 1}


def test_a_version_may_be_dated_back(cast: Cast) -> None:
    then = clock.now() - timedelta(days=40)
    work = make_pack(cast.alice)
    with step():
        version = publish_version(work, "Told of later.", by=cast.alice, at=then)

    assert version.published_at == then


def test_an_empty_work_has_nothing_to_publish(cast: Cast) -> None:
    with pytest.raises(NothingToPublish), step():
        publish_version(make_work(personal_workspace(cast.alice), "pack", "Empty"), "x", by=cast.alice)

    assert db.session.scalars(sa.select(Version)).all() == []


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("versions", "UPDATE versions SET changelog = 'Nothing happened.'"),
        ("versions", "DELETE FROM versions"),
        ("version_items", "UPDATE version_items SET title = 'Another' WHERE key = 'opening'"),
        ("version_items", "DELETE FROM version_items WHERE key = 'opening'"),
    ],
)
def test_a_version_never_changes(cast: Cast, table: str, statement: str) -> None:
    version = latest_version(make_pack(cast.alice).id)
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), step():
        db.session.execute(sa.text(statement))

    assert contents(VersionItem, version_id=version.id) == list(ITEMS)


def test_two_works_number_their_versions_each(cast: Cast) -> None:
    one, other = make_pack(cast.alice, "One"), make_pack(cast.alice, "Other")

    assert (numbers(one), numbers(other)) == ([1], [1])


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_two_at_once_one_gets_the_number(app: Flask, cast: Cast) -> None:
    """The second has looked for the last number before the first committed, so both want the same."""
    work, alice = make_pack(cast.alice), cast.alice
    published, about_to_insert = threading.Event(), threading.Event()

    def announce_insert(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO versions") and published.is_set():
            about_to_insert.set()

    def second() -> None:
        published.wait(30)
        with app.app_context(), step():
            publish_version(again(work), "Second.", by=alice)

    sa.event.listen(db.engine, "before_cursor_execute", announce_insert)
    try:
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(second)
            with step():
                publish_version(again(work), "First.", by=alice)
                published.set()
                assert about_to_insert.wait(30)
            with pytest.raises(IntegrityError, match="uq_versions_work_id_number"):
                late.result(30)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", announce_insert)

    assert sorted(numbers(work)) == [1, 2]
    assert latest_version(work.id).changelog == "First."


def again(work: Work) -> Work:
    """The work as this thread's own session knows it."""
    return db.session.get_one(Work, work.id)


def test_at_once_or_not_numbers_have_no_gap_and_no_double(app: Flask, cast: Cast) -> None:
    work, alice = make_pack(cast.alice), cast.alice
    together = threading.Barrier(2)
    db.session.commit()

    def publish(number: int) -> int:
        together.wait(30)
        done = 0
        with app.app_context():
            for attempt in range(5):
                try:
                    with step():
                        publish_version(again(work), f"{number}.{attempt}", by=alice)
                    done += 1
                except IntegrityError:
                    continue
        return done

    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(publish, range(2)))

    assert sorted(numbers(work)) == list(range(1, 2 + done))
    assert done >= 5
    items = sa.select(sa.func.count()).select_from(VersionItem)
    assert db.session.scalar(items) == (1 + done) * len(ITEMS)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Item)) == len(ITEMS)


def test_only_its_own_items_are_in_a_version(cast: Cast) -> None:
    other = cast.person("Erin", plan="studio")
    make_pack(other, "Another's")
    version = latest_version(make_pack(cast.alice).id)

    assert len(contents(VersionItem, version_id=version.id)) == len(ITEMS)
