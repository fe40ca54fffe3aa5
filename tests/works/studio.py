"""Acts in the studio, as a person's browser does them."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from storefront.kit.db import db
from storefront.works.contents import draft
from storefront.works.models import Item, Work
from storefront.works.services import revision_of
from tests.browser import Browser


def studio(work: Work, path: str = "") -> str:
    return f"/studio/{work.public_id}{path}"


def kept(work: Work, key: str) -> Item:
    """The item as the database has it now."""
    db.session.expire_all()
    return db.session.get_one(Item, (work.id, key))


def keys(work: Work, parent: str | None = None) -> list[str]:
    """The keys right below a page, or at the top, in their order."""
    below = Item.parent_key.is_(None) if parent is None else Item.parent_key == parent
    return list(db.session.scalars(sa.select(Item.key).where(Item.work_id == work.id, below).order_by(Item.position)))


def state(work: Work) -> list[tuple[Any, ...]]:
    """Everything a work holds, in an order of its own."""
    rows = draft(work).columns("key", "parent_key", "position", "kind", "title", "content")
    return sorted(map(tuple, db.session.execute(rows)), key=lambda row: row[0])


def key_in(answer: TestResponse) -> str:
    """The key of the item that an answer leads to."""
    address = answer.headers.get("Location") or answer.headers["HX-Redirect"]
    found = re.search(r"/items/([\w-]+)", address)
    assert found, address
    return found[1]


def add(client: Browser, work: Work, kind: str, **more: str) -> str:
    """Add an item by the form; returns its key."""
    answer = client.post(studio(work, "/items"), data={"kind": kind, **more})
    assert answer.status_code == 303
    return key_in(answer)


def save(client: Browser, work: Work, key: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
    """Save an editor that was opened just now, unless ``revision`` says otherwise."""
    item = kept(work, key)
    typed = {"title": item.title, "revision": revision_of(item), **fields}
    address = studio(work, f"/items/{key}")
    return client.htmx(address, method="POST", data=typed) if htmx else client.post(address, data=typed)
