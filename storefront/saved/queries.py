"""Reading saved prompts; a person sees their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Membership, Person
from storefront.accounts.plans import SAVED_PROMPTS, limit
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.kit.slices import ask
from storefront.saved.models import SavedPrompt
from storefront.works.contents import Contents
from storefront.works.models import Work

PAGE = 24
SHOWN = 4000  # characters of a text that the list shows; the whole is at an address of its own
MOST_WORDS = 8  # of a search


@dataclass(frozen=True)
class Listed:
    """A saved prompt as the list shows it: its text cut to ``SHOWN``, and its work's id while one may open it.

    ``place`` is where else they may read what came with it.
    """

    id: int
    public_id: str
    title: str
    work_title: str
    text: str
    is_cut: bool
    item_key: str
    saved_at: datetime
    work_id: int | None
    studio_id: str | None
    place: str | None = None


def saved_by(person: Person, search: str = "", after: str | None = None) -> Page[Listed]:
    """A page of a person's prompts, the latest first. Raises BadRequest for a cursor that isn't ours."""
    mine = sa.and_(Membership.workspace_id == Work.workspace_id, Membership.person_id == person.id)
    query = (
        sa.select(
            SavedPrompt.id, SavedPrompt.public_id, SavedPrompt.title, SavedPrompt.work_title,
            sa.func.substr(SavedPrompt.text, 1, SHOWN).label("text"),
            (sa.func.length(SavedPrompt.text) > SHOWN).label("is_cut"),
            SavedPrompt.item_key, SavedPrompt.saved_at, SavedPrompt.work_id,
            sa.case((Membership.person_id.is_not(None), Work.public_id)).label("studio_id"),
        )
        .outerjoin(Work, sa.and_(Work.id == SavedPrompt.work_id, Work.deleted_at.is_(None)))
        .outerjoin(Membership, mine)
        .where(*_kept(person), *_found(search))
        .order_by(SavedPrompt.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    if after:
        query = query.where(SavedPrompt.id < decode(after, int)[0])
    rows = [Listed(**row) for row in db.session.execute(query).mappings()]
    shown = rows[:PAGE]
    return Page(_placed(person, shown), encode(shown[-1].id) if len(rows) > PAGE else None)


def _placed(person: Person, rows: Sequence[Listed]) -> list[Listed]:
    """The rows with their places. The slices that know some answer ``saved.places``, addresses by the works' ids."""
    works = {row.work_id for row in rows if row.work_id is not None and row.studio_id is None}
    places = {id: place for found in ask("saved.places", person, works) for id, place in found.items()} if works else {}
    return [replace(row, place=places.get(row.work_id)) for row in rows]


def saved_for(person: Person, public_id: str) -> SavedPrompt:
    """A prompt of theirs, removed or not. Raises NotFound for anybody else's."""
    mine = sa.select(SavedPrompt).where(SavedPrompt.public_id == public_id, SavedPrompt.person_id == person.id)
    saved = db.session.scalar(mine)
    if saved is None:
        raise NotFound
    return saved


def find_saved(person: Person, work_id: int, key: str) -> SavedPrompt | None:
    """The prompt on a person's list that was saved from an item."""
    mine = sa.select(SavedPrompt).where(*_kept(person), SavedPrompt.work_id == work_id, SavedPrompt.item_key == key)
    return db.session.scalar(mine)


def whole_list(person: Person) -> Sequence[SavedPrompt]:
    """Every prompt on a person's list, the latest first, with all its text: at most what the largest plan holds."""
    mine = sa.select(SavedPrompt).where(*_kept(person)).order_by(SavedPrompt.id.desc())
    return db.session.scalars(mine, execution_options={"populate_existing": True}).all()


def count_saved(person: Person) -> int:
    """How many prompts are on a person's list: at most what the largest plan holds."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(SavedPrompt).where(*_kept(person))) or 0


def room_of(person: Person, used: int) -> int | None:
    """How many more prompts fit on the list of a person who has ``used``; None is any number."""
    most = limit(person, SAVED_PROMPTS)
    return None if most is None else max(0, most - used)


def on_list(person: Person, work_id: int, keys: Collection[str]) -> set[str]:
    """Which of these items of a work are on a person's list."""
    mine = sa.select(SavedPrompt.item_key).where(*_kept(person), SavedPrompt.work_id == work_id)
    return set(db.session.scalars(mine.where(SavedPrompt.item_key.in_(keys))))


def not_on_list(person: Person, work_id: int, contents: Contents) -> sa.Select[Any]:
    """A selection of the keys of those prompts of a work that are not on a person's list."""
    listed = sa.select(SavedPrompt.item_key).where(*_kept(person), SavedPrompt.work_id == work_id)
    return contents.keys_of("prompt").where(contents.table.key.not_in(listed))


def every_saved(person: Person) -> Iterator[Sequence[Any]]:
    """All prompts of a person, the latest first: title, text, note, work's title and when it was saved."""
    columns = (
        SavedPrompt.title, SavedPrompt.text, SavedPrompt.note, SavedPrompt.work_title, SavedPrompt.saved_at,
    )  # fmt: skip
    query = sa.select(*columns).where(*_kept(person)).order_by(SavedPrompt.id.desc())
    yield from db.session.execute(query, execution_options={"yield_per": 10})


def _kept(person: Person) -> tuple[sa.ColumnElement[bool], ...]:
    return SavedPrompt.person_id == person.id, SavedPrompt.removed_at.is_(None)


def _found(search: str) -> list[sa.ColumnElement[bool]]:
    """Every word is in the title or the text, in whichever case."""
    words = search.casefold().split()[:MOST_WORDS]
    return [SavedPrompt.search_text.contains(word, autoescape=True) for word in words]
