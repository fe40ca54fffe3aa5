"""Saving prompts, taking them off the list, and putting them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.accounts.plans import SAVED_PROMPTS, require_room
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.errors import Conflict, Refusal
from storefront.kit.ids import public_id
from storefront.kit.inserts import insert_if_new, insert_new
from storefront.kit.periodic import Tally
from storefront.saved.models import SavedPrompt, search_text_of
from storefront.saved.queries import count_saved, find_saved, not_on_list, room_of, whole_list
from storefront.works.contents import Contents
from storefront.works.models import Item, VersionItem, Work

WAITS = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """What stands for a work that is not the person's to open: its id, and the title under which it is shown."""

    id: int
    title: str


@dataclass(frozen=True)
class Wanted:
    """A prompt as a list is to have it: one that is on it, by its id, or a new one."""

    title: str
    text: str
    note: str = ""
    public_id: str | None = None


class NotOnTheList(Refusal):
    status = 422
    title = "Not every prompt is on your list."
    message = "An id is unknown or named twice. Leave the id out to add a prompt."


class SavedAgain(Conflict):
    title = "It is on your list already."
    message = "You saved this prompt anew after you had removed it."


def save_prompt(work: Work | Source, item: Item | VersionItem, *, by: Person) -> SavedPrompt:
    """Keep a copy of a prompt on the list of ``by``; saving it again changes nothing.

    The prompt was read for ``by`` and is not frozen. Raises PlanNeeded if the plan has no room for another.
    """
    wait_for_turn(by)
    saved = find_saved(by, work.id, item.key)
    if saved is not None:
        return saved
    require_room(by, SAVED_PROMPTS, count_saved(by))
    insert_if_new(SavedPrompt, **_as_saved(work, item, by))
    saved = find_saved(by, work.id, item.key)
    assert saved is not None
    record("prompt.saved", saved, by=by, work=work.id)
    return saved


def save_all(work: Work | Source, contents: Contents, *, by: Person) -> None:
    """Keep a copy of every prompt of ``contents``, or of none if the plan has no room for all that are not there yet.

    What is on the list stays as it is. Nobody is refused.
    """
    wait_for_turn(by)
    room, missing = room_of(by, count_saved(by)), not_on_list(by, work.id, contents)
    keys = db.session.scalars(missing if room is None else missing.limit(room + 1)).all()
    if not keys or (room is not None and len(keys) > room):
        return
    names = contents.columns("key", "title", "content").where(contents.table.key.in_(keys))
    rows = db.session.execute(names.order_by(contents.table.position.desc(), contents.table.key.desc()))
    added = insert_new(SavedPrompt, [_as_saved(work, row, by) for row in rows], SavedPrompt.id)  # the first, the latest
    record("prompt.list_extended", by, by=by, work=work.id, added=len(added))


def _as_saved(work: Work | Source, item: Any, by: Person) -> dict[str, Any]:
    """The values of a saved prompt. ``item`` has a key, a title and its content."""
    text, note = item.content.get("text", ""), item.content.get("note", "")
    return {
        "public_id": public_id("prm"), "person_id": by.id, "work_id": work.id, "item_key": item.key,
        "title": item.title, "work_title": work.title, "text": text, "note": note,
        "search_text": search_text_of(item.title, text), "saved_at": clock.now(),
    }  # fmt: skip


def remove_saved(saved: SavedPrompt) -> None:
    """Take a prompt off the list; it can be put back for a day."""
    saved.removed_at = saved.removed_at or clock.now()


def put_back(saved: SavedPrompt, *, by: Person) -> None:
    """Undo a removal. Raises SavedAgain if it was saved anew meanwhile, PlanNeeded if there is no room any more."""
    wait_for_turn(by)
    if saved.removed_at is None:
        return
    if saved.work_id is not None and find_saved(by, saved.work_id, saved.item_key) is not None:
        raise SavedAgain
    require_room(by, SAVED_PROMPTS, count_saved(by))
    saved.removed_at = None


def replace_list(person: Person, wanted: Sequence[Wanted]) -> None:
    """Make a person's list what is wanted: rewrite those named, add those without an id, take the others off.

    What comes off can be put back for a day. ``wait_for_turn`` must have been called. Raises NotOnTheList; PlanNeeded
    if it would grow past what the plan has room for.
    """
    listed = {saved.public_id: saved for saved in whole_list(person)}
    named = [each.public_id for each in wanted if each.public_id is not None]
    if len(set(named)) < len(named) or not listed.keys() >= set(named):
        raise NotOnTheList
    if len(wanted) > len(listed):
        require_room(person, SAVED_PROMPTS, len(wanted) - 1)
    for public_id_gone in listed.keys() - set(named):
        remove_saved(listed[public_id_gone])
    for each in reversed(wanted):  # the first one is to be the latest
        saved = listed[each.public_id] if each.public_id else _own(person)
        saved.title, saved.text, saved.note = each.title, each.text, each.note
        saved.search_text = search_text_of(each.title, each.text)
        db.session.add(saved)
        db.session.flush()
    record("prompt.list_replaced", person, by=person, added=len(wanted) - len(named), removed=len(listed) - len(named))


def _own(person: Person) -> SavedPrompt:
    """One that came from no work."""
    return SavedPrompt(
        public_id=public_id("prm"), person_id=person.id, item_key="", work_title="", saved_at=clock.now()
    )  # fmt: skip


def forget_removed() -> list[Tally]:
    """Delete what was removed more than a day ago."""
    with step():
        old = sa.delete(SavedPrompt).where(SavedPrompt.removed_at < clock.now() - WAITS)
        gone = len(db.session.execute(old.returning(SavedPrompt.id)).all())
    return [Tally("removed prompts whose day is over", gone, gone)]


def wait_for_turn(person: Person) -> None:
    """Lock a person's list. Two at once for one person: one waits, so that together they never pass the limit.

    It does not keep others from naming the person in a row. So whoever did that before, as copying does, and then
    waits here, holds nothing that the one ahead could be waiting for.
    """
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
