"""Saving prompts, taking them off the list, and putting them back."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.plans import SAVED_PROMPTS, require_room
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new
from storefront.kit.periodic import Tally
from storefront.saved.models import SavedPrompt, search_text_of
from storefront.saved.queries import count_saved, find_saved
from storefront.works.models import Item, Work

WAITS = timedelta(days=1)


class SavedAgain(Conflict):
    title = "It is on your list already."
    message = "You saved this prompt anew after you had removed it."


def save_prompt(work: Work, item: Item, *, by: Person) -> SavedPrompt:
    """Keep a copy of a prompt on the list of ``by``; saving it again changes nothing.

    ``work`` was read for ``by`` and is not frozen. Raises PlanNeeded if the plan has no room for another.
    """
    _wait_for_turn(by)
    saved = find_saved(by, work.id, item.key)
    if saved is not None:
        return saved
    require_room(by, SAVED_PROMPTS, count_saved(by))
    text, note = item.content.get("text", ""), item.content.get("note", "")
    insert_if_new(
        SavedPrompt, public_id=public_id("prm"), person_id=by.id, work_id=work.id, item_key=item.key,
        title=item.title, work_title=work.title, text=text, note=note, search_text=search_text_of(item.title, text),
        saved_at=clock.now(),
    )  # fmt: skip
    saved = find_saved(by, work.id, item.key)
    assert saved is not None
    record("prompt.saved", saved, by=by, work=work.id)
    return saved


def remove_saved(saved: SavedPrompt) -> None:
    """Take a prompt off the list; it can be put back for a day."""
    saved.removed_at = saved.removed_at or clock.now()


def put_back(saved: SavedPrompt, *, by: Person) -> None:
    """Undo a removal. Raises SavedAgain if it was saved anew meanwhile, PlanNeeded if there is no room any more."""
    _wait_for_turn(by)
    if saved.removed_at is None:
        return
    if saved.work_id is not None and find_saved(by, saved.work_id, saved.item_key) is not None:
        raise SavedAgain
    require_room(by, SAVED_PROMPTS, count_saved(by))
    saved.removed_at = None


def forget_removed() -> list[Tally]:
    """Delete what was removed more than a day ago."""
    with step():
        old = sa.delete(SavedPrompt).where(SavedPrompt.removed_at < clock.now() - WAITS)
        gone = len(db.session.execute(old.returning(SavedPrompt.id)).all())
    return [Tally("removed prompts whose day is over", gone, gone)]


def _wait_for_turn(person: Person) -> None:
    """Two at once for one person: one waits, so that together they never pass the limit."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
