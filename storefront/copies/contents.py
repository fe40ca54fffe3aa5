"""What is in a copy, as whoever made it reads it: its version's flows and prompts, and which of these they saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from markupsafe import Markup

from storefront.accounts.models import Person
from storefront.accounts.plans import SAVED_PROMPTS, Plan, limit_in, roomier
from storefront.copies.models import Copy
from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.kit.paging import Page, decode, encode
from storefront.saved.queries import SHOWN, count_saved, not_on_list, on_list, room_of
from storefront.works.contents import AnyItem, Contents, published
from storefront.works.graph_order import OrderedStep, steps_in_order
from storefront.works.graph_svg import graph_svg

PAGE = 20


@dataclass(frozen=True)
class Prompt:
    """A prompt of a copy, its text cut to ``SHOWN``. The whole is at an address of its own."""

    key: str
    title: str
    text: str
    is_cut: bool
    is_saved: bool


@dataclass(frozen=True)
class Flow:
    """A flow of a copy: its drawing, empty if it is too large for one, and its steps in their order."""

    key: str
    title: str
    drawing: Markup
    steps: Sequence[OrderedStep]


@dataclass(frozen=True)
class Room:
    """How many of a copy's prompts are on no list yet, and how many more the reader's has room for; None is any number.

    ``plan`` has more room, ``most`` prompts; None if no other has.
    """

    prompts: int
    missing: int
    left: int | None
    plan: Plan | None
    most: int | None

    @property
    def suffices(self) -> bool:
        return self.left is None or self.left >= self.missing


def parts_of(copy: Copy, reader: Person, after: str | None = None) -> Page[Prompt | Flow]:
    """A page of a copy's prompts and flows in their order. Raises BadRequest for a cursor that isn't ours."""
    contents = published(copy.version)
    table = contents.table
    query = contents.columns("position", "key", "kind", "title").where(table.kind.in_(("prompt", "graph")))
    if after:
        position, key = decode(after, int, str)
        query = query.where(sa.or_(table.position > position, sa.and_(table.position == position, table.key > key)))
    found = db.session.execute(query.order_by(table.position, table.key).limit(PAGE + 1)).all()
    rows = found[:PAGE]
    prompts, flows = ([row.key for row in rows if row.kind == kind] for kind in ("prompt", "graph"))
    texts, saved = _texts(contents, prompts), on_list(reader, copy.version.work_id, prompts)
    drawn = _flows(contents, flows)
    parts = [
        drawn[row.key] if row.kind == "graph" else Prompt(row.key, row.title, *texts[row.key], row.key in saved)
        for row in rows
    ]
    return Page(parts, encode(rows[-1].position, rows[-1].key) if len(found) > PAGE else None)


def _flows(contents: Contents, keys: list[str]) -> dict[str, Flow]:
    if not keys:
        return {}
    rows = db.session.execute(contents.columns("key", "title", "content").where(contents.table.key.in_(keys)))
    return {
        row.key: Flow(row.key, row.title, graph_svg(row.content, row.title), steps_in_order(row.content))
        for row in rows
    }


def _texts(contents: Contents, keys: list[str]) -> dict[str, tuple[str, bool]]:
    """The beginnings of prompts' texts, and whether there is more, by key.

    Not read while the page is looked for: all of them, which may be long, would be opened to be sorted.
    """
    text = sa.func.coalesce(contents.table.content["text"].as_string(), "")
    begun = contents.columns("key").add_columns(sa.func.substr(text, 1, SHOWN), sa.func.length(text) > SHOWN)
    rows = db.session.execute(begun.where(contents.table.key.in_(keys)))
    return {key: (shown, is_cut) for key, shown, is_cut in rows}


def prompt_of(copy: Copy, key: str) -> AnyItem:
    """A prompt of a copy with its whole text. Raises NotFound."""
    item = published(copy.version).item(key)
    if item.kind != "prompt":
        raise NotFound
    return item


def room_for(copy: Copy, reader: Person) -> Room:
    """Whether the reader's list has room for the rest of a copy's prompts."""
    missing = not_on_list(reader, copy.version.work_id, published(copy.version)).subquery()
    count = db.session.scalars(sa.select(sa.func.count()).select_from(missing)).one()
    used = count_saved(reader)
    plan = roomier(reader, SAVED_PROMPTS, used + count)
    most = limit_in(plan, SAVED_PROMPTS) if plan else None
    return Room(copy.version.item_counts.get("prompt", 0), count, room_of(reader, used), plan, most)
