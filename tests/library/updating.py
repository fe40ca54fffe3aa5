"""A clone, its origin's next version, and what is in them, for tests of updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.catalog.models import Listing
from storefront.kit.db import db, step
from storefront.library import updating
from storefront.library.models import Clone, Update
from storefront.licenses.models import License
from storefront.works.models import Item, Version, Work
from storefront.works.queries import latest_version, work_to_edit
from storefront.works.services import publish_version, replace_items

Row = dict[str, Any]


def page(key: str, parent: str | None = None, title: str = "") -> Row:
    return {"key": key, "parent_key": parent, "kind": "page", "title": title or key.title(), "content": {"summary": ""}}


def prompt(key: str, text: str = "", parent: str | None = None) -> Row:
    content = {"text": text or f"Write {key}.", "variables": [], "note": ""}
    return {"key": key, "parent_key": parent, "kind": "prompt", "title": key.title(), "content": content}


def placed(rows: Iterable[Row]) -> list[Row]:
    return [{**row, "position": number} for number, row in enumerate(rows)]


def release_with(listing: Listing, rows: Iterable[Row], by: Person) -> Version:
    """The next version of the listing's work, with these items."""
    with step():
        work = db.session.get_one(Work, listing.work_id)
        replace_items(work, placed(rows))
        return publish_version(work, "What *changed*.", by=by)


def clone_of(license: License) -> Clone:
    query = sa.select(Clone).where(Clone.license_id == license.id).order_by(Clone.work_id.desc()).limit(1)
    return db.session.scalars(query).one()


def work_of(license: License) -> Work:
    return db.session.get_one(Work, clone_of(license).work_id)


def edit(license: License, key: str, **values: Any) -> None:
    """What the holder does to an item of the newest clone."""
    with step():
        item = db.session.get_one(Item, (clone_of(license).work_id, key), populate_existing=True)
        for name, value in values.items():
            setattr(item, name, value)


def add(license: License, row: Row, position: int = 99) -> None:
    with step():
        db.session.execute(sa.insert(Item), [{**row, "work_id": clone_of(license).work_id, "position": position}])


def delete(license: License, key: str) -> None:
    with step():
        db.session.execute(sa.delete(Item).where(Item.work_id == clone_of(license).work_id, Item.key == key))


def contents(license: License) -> dict[str | None, list[tuple[str, str]]]:
    """The keys below each page in their order, each with its text or title."""
    rows = sa.select(Item).where(Item.work_id == clone_of(license).work_id).order_by(Item.position, Item.key)
    found: dict[str | None, list[tuple[str, str]]] = {}
    for item in db.session.scalars(rows, execution_options={"populate_existing": True}):
        found.setdefault(item.parent_key, []).append((item.key, item.content.get("text") or item.title))
    return found


def tops(license: License) -> list[str]:
    return [key for key, _text in contents(license).get(None, [])]


def answer(license: License, by: Person, answers: Mapping[str, bool]) -> Update:
    clone, version = _sides(license)
    with step():
        return updating.answer(work_to_edit(by, work_of(license).public_id), clone, version, answers, by=by)


def answer_all(license: License, by: Person, *, take: bool) -> Update:
    clone, version = _sides(license)
    with step():
        return updating.answer_all(work_to_edit(by, work_of(license).public_id), clone, version, take=take, by=by)


def undo(license: License, update: Update, by: Person) -> int:
    clone, _version = _sides(license)
    with step():
        return updating.undo(work_to_edit(by, work_of(license).public_id), clone, update.public_id, by=by)


def _sides(license: License) -> tuple[Clone, Version]:
    listing = db.session.get_one(Listing, license.listing_id)
    return clone_of(license), latest_version(listing.work_id)
