"""Recording what happens, and letting the slices that listen react within the same transaction."""

from __future__ import annotations

from typing import Any, Protocol

from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.slices import installed


class Subject(Protocol):
    """A row that an event can be about."""

    id: Any
    __tablename__: str


class Happening:
    """What a reaction is given: the event's row and the subject itself, which is still in the session."""

    def __init__(self, event: Event, subject: Any, by: Any) -> None:
        self.event = event
        self.subject = subject
        self.by = by


def record(name: str, subject: Subject, *, by: Any = None, workspace_id: int | None = None, **data: Any) -> Event:
    """Write that ``name`` happened to ``subject`` and call who reacts to it, in the slices' order.

    ``by`` is the person who did it, None for the shop itself. ``data`` holds ids and plain figures only.
    """
    db.session.flush()
    event = Event(
        at=clock.now(),
        name=name,
        actor_id=getattr(by, "id", None),
        workspace_id=workspace_id,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        data=data,
    )
    db.session.add(event)
    for reaction in installed().reactions.get(name, ()):
        reaction(Happening(event, subject, by))
    return event
