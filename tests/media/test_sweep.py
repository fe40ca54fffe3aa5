"""The sweep takes what nothing refers to, and never what anything does: whatever was done, and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from storefront.accounts.queries import personal_workspace
from storefront.kit import clock
from storefront.kit.db import Model, db, outside, settle_reads, step
from storefront.kit.periodic import run_periodic
from storefront.kit.storage import StorageAway, current_storage
from storefront.library.models import UpdateItem
from storefront.media.models import Media, Removal, Upload
from storefront.media.services import keep, store
from storefront.media.sweeping import GRACE, SWEEP, references, sweep
from storefront.media.uploads import Arrival, keep_upload
from storefront.works.models import Item, Undo, UndoItem, Version, VersionItem, Work
from storefront.works.services import (
    add_item,
    clone_version,
    delete_item,
    delete_work,
    make_work,
    publish_version,
    put_file,
    restore_version,
    use_undo,
)
from tests.at_once import all_at_once
from tests.cast import Cast
from tests.conftest import Shop
from tests.media.kept import keys, picture
from tests.works.whole_work import CSV

CONTENTS = [b"one", b"two", b"three", picture(400, 300)]
LONG = GRACE + timedelta(hours=1)
ALIVE = Work.deleted_at.is_(None)
ITEM_TABLES: tuple[Any, ...] = (Item, VersionItem, UndoItem, UpdateItem)


def referred() -> set[str]:
    """Every hash that an item names, anywhere; read from the contents, not from the columns that the sweep reads."""
    found: set[str] = set()
    for table in ITEM_TABLES:
        for kind, content in db.session.execute(sa.select(table.kind, table.content)):
            if kind == "file" and content:
                found.add(content["sha256"])
    return found


def bytes_of(sha256s: set[str]) -> set[str]:
    """Every key that these files lie under."""
    rows = db.session.scalars(sa.select(Media).where(Media.sha256.in_(sha256s))).all()
    return {key for media in rows for key in (media.key, *map(media.picture_key, media.widths))}


class Hands(RuleBasedStateMachine):
    """People who upload, replace, publish, clone, delete and go back, and a sweep that comes at any time."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        shop.empty()
        self.context = shop.app.app_context()
        self.context.push()
        self.alice = Cast().alice
        with step():
            self.home = personal_workspace(self.alice)
            make_work(self.home, "pack", "First", by=self.alice)

    def teardown(self) -> None:
        """A day later, with nobody at it, there is exactly what is referred to."""
        clock.move(clock.moved_by() + LONG)
        settle_reads()
        sweep()
        assert keys() == bytes_of(referred())
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Removal)) == 0
        assert set(db.session.scalars(sa.select(Media.sha256))) == referred()
        db.session.rollback()
        self.context.pop()

    def pick(self, model: Any, number: int, *where: Any) -> Any:
        key = sa.inspect(model).primary_key
        rows = db.session.scalars(sa.select(model).where(*where).order_by(*key)).all()
        return rows[number % len(rows)] if rows else None

    def work(self, number: int) -> Work:
        found: Work = self.pick(Work, number, ALIVE)
        db.session.refresh(found, ["workspace"])
        return found

    @invariant()
    def whatever_is_referred_to_is_there(self) -> None:
        assert bytes_of(referred()) <= keys()

    @rule(work=st.integers(0, 9), what=st.sampled_from(CONTENTS), into=st.integers(0, 9), anew=st.booleans())
    def upload(self, work: int, what: bytes, into: int, anew: bool) -> None:
        arrival = Arrival("a.bin", store(what, "image/png" if what == CONTENTS[3] else "text/plain"))
        with step():
            found = self.work(work)
            item = None if anew else self.pick(Item, into, Item.work_id == found.id, Item.kind == "file")
            item = item or add_item(found, "file", "A file", by=self.alice)
            put_file(found, item, arrival, by=self.alice)

    @rule(what=st.sampled_from(CONTENTS))
    def upload_in_vain(self, what: bytes) -> None:
        """The line broke, or the plan had no room."""
        store(what, "image/png" if what == CONTENTS[3] else "text/plain")

    @rule(work=st.integers(0, 9))
    def publish(self, work: int) -> None:
        with step():
            found = self.work(work)
            if db.session.scalar(sa.select(Item.key).where(Item.work_id == found.id).limit(1)):
                publish_version(found, "More.", by=self.alice)

    @rule(version=st.integers(0, 9))
    def clone(self, version: int) -> None:
        with step():
            found = self.pick(Version, version)
            if found:
                db.session.refresh(found, ["work"])
                clone_version(found, self.home)

    @rule(version=st.integers(0, 9))
    def go_back(self, version: int) -> None:
        with step():
            found = self.pick(Version, version, Version.work_id.in_(sa.select(Work.id).where(ALIVE)))
            if found:
                restore_version(db.session.get_one(Work, found.work_id), found, by=self.alice)

    @rule(item=st.integers(0, 9))
    def delete_one(self, item: int) -> None:
        with step():
            found = self.pick(Item, item)
            if found:
                delete_item(db.session.get_one(Work, found.work_id), found, by=self.alice)

    @rule(undo=st.integers(0, 9))
    def undo(self, undo: int) -> None:
        with step():
            found = self.pick(Undo, undo, Undo.used_at.is_(None), Undo.deed == "deletion")
            there = found and db.session.scalar(
                sa.select(Item.key)
                .join(UndoItem, UndoItem.key == Item.key)
                .where(UndoItem.undo_id == found.id, Item.work_id == found.work_id)
            )
            if found and not there:
                use_undo(db.session.get_one(Work, found.work_id), found, by=self.alice)

    @precondition(lambda _hands: (db.session.scalar(sa.select(sa.func.count(Work.id)).where(ALIVE)) or 0) > 1)
    @rule(work=st.integers(0, 9))
    def delete_all(self, work: int) -> None:
        with step():
            delete_work(self.work(work), by=self.alice)

    @rule(hours=st.sampled_from([0, 1, 30]))
    def sweep(self, hours: int) -> None:
        clock.move(clock.moved_by() + timedelta(hours=hours))
        settle_reads()
        sweep()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_no_order_of_deeds_loses_a_file_or_leaves_one(shops: Callable[[str], Shop], engine: str) -> None:
    run_state_machine_as_test(
        cast(Any, lambda: Hands(shops(engine))),
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_every_key_to_a_file_is_known_to_the_sweep(app: Flask) -> None:
    """What is called a hash of a file is a foreign key, and a key that is not looked at goes with its file."""
    named = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Media.__table__.c.sha256 for key in column.foreign_keys)
    }
    looked_at = {f"{column.table.name}.{column.name}" for column in references()}

    assert {f"{table.__tablename__}.file_sha256" for table in ITEM_TABLES} <= looked_at
    assert named - looked_at == {"uploads.sha256"}
    carrying = {
        table.name for table in Model.metadata.sorted_tables if {"kind", "content"} <= set(table.columns.keys())
    }
    assert carrying == {column.table.name for column in references() if column.name == "file_sha256"}


def uploaded(cast: Cast, data: bytes = CSV) -> str:
    """Something that was stored and kept, and to which nothing refers."""
    stored = store(data, "text/csv")
    with step():
        keep_upload(Arrival("a.csv", stored), personal_workspace(cast.alice), by=cast.alice)
    return stored.sha256


def test_what_came_today_is_spared(cast: Cast, move_clock: Callable[[timedelta], None], kept_in: str) -> None:
    uploaded(cast)
    move_clock(GRACE - timedelta(minutes=1))
    assert sum(tally.mended for tally in sweep()) == 0
    move_clock(timedelta(minutes=2))
    assert sum(tally.mended for tally in sweep()) == 1

    assert keys() == set()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0


def test_operators_see_what_it_removed(cast: Cast, move_clock: Callable[[timedelta], None], client: Any) -> None:
    uploaded(cast)
    move_clock(LONG)
    settle_reads()
    run_periodic(SWEEP)

    page = client.as_person(cast.carol).get("/admin/health").text
    assert "Removes files that nothing refers to any more" in page
    assert "files that nothing refers to" in page


def test_what_a_sweep_left_half_done_the_next_one_ends(
    app: Flask, cast: Cast, move_clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storage goes away between the row and the bytes. The same content comes again meanwhile, and stays."""
    sha256 = uploaded(cast)
    move_clock(LONG)
    settle_reads()
    storage = app.extensions["storage"]
    away = type("Away", (), {"delete": lambda *_: (_ for _ in ()).throw(StorageAway())})()
    monkeypatch.setitem(app.extensions, "storage", away)
    with pytest.raises(StorageAway):
        sweep()
    monkeypatch.setitem(app.extensions, "storage", storage)
    (first,) = keys()

    with step():
        work = make_work(personal_workspace(cast.alice), "pack", "Pack", by=cast.alice)
        content = {"name": "a.csv", "content_type": "text/csv", "size": len(CSV), "sha256": sha256}
    again = store(CSV, "text/csv")
    with step():
        keep(again)
        add_item(work, "file", "Again", by=cast.alice, content=content)
    (left,) = (tally for tally in sweep() if "cut short" in tally.kind)

    assert (left.found, left.mended) == (1, 1)
    assert first not in keys()
    with outside():
        key = next(iter(keys()))
    with outside():
        assert current_storage().get(key) == CSV


def test_what_comes_again_while_it_is_swept_is_kept(
    app: Flask, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    """Two sweeps take out what nothing refers to, while somebody uploads the same again: twenty times over."""
    with step():
        work = make_work(personal_workspace(cast.alice), "pack", "Pack", by=cast.alice)

    def upload() -> None:
        arrival = Arrival("a.csv", store(CSV, "text/csv"))
        with step():
            mine = db.session.get_one(Work, work.id)
            db.session.refresh(mine, ["workspace"])
            item = add_item(mine, "file", "A file", by=cast.alice)
            put_file(mine, item, arrival, by=cast.alice)

    for _time in range(20):
        uploaded(cast)
        move_clock(LONG)
        all_at_once(app, [upload, sweep, sweep])
        db.session.expire_all()
        assert bytes_of(referred()) <= keys()
        assert len(referred()) == 1
        with step():
            db.session.execute(sa.delete(Item).where(Item.work_id == work.id))
    move_clock(LONG)
    settle_reads()
    sweep()
    assert keys() == set()
