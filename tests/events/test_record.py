"""What happened is written once and for good, and who reacts does so in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from storefront.accounts.models import Person
from storefront.accounts.queries import personal_workspace
from storefront.events.models import Event
from storefront.events.services import Happening, record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.slices import installed
from storefront.works.models import Work
from storefront.works.services import make_work
from tests.cast import Cast
from tests.worlds import make_pack


class Listeners:
    """The test's own reactions to ``test.happened``."""

    def __init__(self) -> None:
        self.heard: list[Happening] = []
        self.reactions = installed().reactions.setdefault("test.happened", [])

    def listen(self, reaction: Any) -> None:
        self.reactions.append(reaction)


@pytest.fixture
def listeners(app: Flask) -> Iterator[Listeners]:
    listeners = Listeners()
    yield listeners
    del installed().reactions["test.happened"]


def events(name: str = "test.happened") -> list[Event]:
    return list(db.session.scalars(sa.select(Event).where(Event.name == name).order_by(Event.id)))


def test_who_did_what_to_what_and_when(cast: Cast) -> None:
    work = make_pack(cast.alice)
    with step():
        record("test.happened", work, by=cast.alice, workspace_id=work.workspace_id, number=3)

    (event,) = events()
    assert (event.actor_id, event.workspace_id) == (cast.alice.id, work.workspace_id)
    assert (event.subject_type, event.subject_id, event.data) == ("works", work.id, {"number": 3})
    assert event.at <= clock.now()


def test_the_shop_itself_has_no_name(cast: Cast) -> None:
    with step():
        record("test.happened", cast.alice)

    assert events()[0].actor_id is None


def test_a_subject_that_is_new_has_its_id_in_the_event(cast: Cast) -> None:
    """Recorded before anybody flushed it."""
    alice = cast.alice
    now = clock.now()
    with step():
        work = Work(
            public_id="wrk_new", workspace_id=personal_workspace(alice).id, kind="pack", title="New",
            created_at=now, updated_at=now,
        )  # fmt: skip
        db.session.add(work)
        record("test.happened", work, by=alice)

    assert events()[0].subject_id == work.id


def test_reactions_are_given_the_subject_and_run_in_order(cast: Cast, listeners: Listeners) -> None:
    order: list[str] = []
    listeners.listen(listeners.heard.append)
    listeners.listen(lambda _happening: order.append("first"))
    listeners.listen(lambda _happening: order.append("second"))
    with step():
        event = record("test.happened", cast.bob, by=cast.alice)

    (happening,) = listeners.heard
    assert happening.event is event
    assert (happening.subject, happening.by) == (cast.bob, cast.alice)
    assert order == ["first", "second"]


def test_a_reaction_shares_the_transaction(cast: Cast, listeners: Listeners) -> None:
    """It sees what is not committed yet, and what it writes is committed with it."""
    alice = cast.alice

    def make_another(happening: Happening) -> None:
        assert db.session.get(Work, happening.subject.id) is happening.subject
        make_work(personal_workspace(alice), "pack", "Made by a reaction")

    listeners.listen(make_another)
    with step():
        record("test.happened", make_work(personal_workspace(alice), "pack", "First"), by=alice)

    assert set(db.session.scalars(sa.select(Work.title))) == {"First", "Made by a reaction"}


def test_a_reaction_that_fails_undoes_everything(cast: Cast, listeners: Listeners) -> None:
    alice = cast.alice

    def write_and_fail(_happening: Happening) -> None:
        make_work(personal_workspace(alice), "pack", "Made by a reaction")
        raise LookupError("the reaction failed")

    listeners.listen(write_and_fail)
    with pytest.raises(LookupError, match="the reaction failed"), step():
        record("test.happened", make_work(personal_workspace(alice), "pack", "First"), by=alice)

    assert events() == []
    assert db.session.scalars(sa.select(Work)).all() == []
    assert db.session.get(Person, alice.id) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET name = 'another'",
        "UPDATE events SET data = '{}' WHERE name = 'person.joined'",
        "DELETE FROM events",
    ],
)
def test_events_never_change_and_never_go(cast: Cast, statement: str) -> None:
    assert cast.alice
    before = [event.id for event in events("person.joined")]
    with pytest.raises(DBAPIError, match="events is append-only"), step():
        db.session.execute(sa.text(statement))

    assert [event.id for event in events("person.joined")] == before != []
