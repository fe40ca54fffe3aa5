"""The items of a work: as it stands, or as they are in one of its versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.kit.errors import NotFound
from storefront.media.models import Media
from storefront.works.models import Item, Version, VersionItem, Work

AnyItem: TypeAlias = Item | VersionItem

COPIED = ("key", "parent_key", "position", "kind", "title", "content")


@dataclass(frozen=True)
class Contents:
    """Where to find the items of one owner: ``table`` and the column that names the owner."""

    table: Any
    owner: sa.ColumnElement[bool]

    def columns(self, *names: str) -> sa.Select[Any]:
        """A selection of columns of all items."""
        return sa.select(*(getattr(self.table, name) for name in names)).where(self.owner)

    def item(self, key: str) -> AnyItem:
        """The item with this key. Raises NotFound."""
        item: AnyItem | None = db.session.scalar(sa.select(self.table).where(self.owner, self.table.key == key))
        if item is None:
            raise NotFound("This item is not in the work. It may have been taken out.")
        return item

    def blocks(self, page: str, start: int, most: int) -> Sequence[AnyItem]:
        """The blocks of a page in their order: at most ``most``, from the one numbered ``start``, counted from 0."""
        query = sa.select(self.table).where(self.owner, self.table.parent_key == page, self.table.kind == "block")
        return db.session.scalars(self._ordered(query).offset(start).limit(most)).all()

    def media(self, keys: Collection[str]) -> dict[str, Media]:
        """What the file items with these keys hold, by key."""
        if not keys:
            return {}
        query = sa.select(self.table.key, Media).join(Media, Media.sha256 == self.table.file_sha256)
        rows = db.session.execute(query.where(self.owner, self.table.key.in_(keys)))
        return {row.key: row.Media for row in rows}

    def of_kind(self, kind: str) -> Sequence[AnyItem]:
        """Every item of one kind."""
        return self._all(self.table.kind == kind)

    def all(self) -> Sequence[AnyItem]:
        """Every item with its content."""
        return self._all()

    def keys_of(self, kind: str) -> sa.Select[str]:
        """A selection of the keys of every item of one kind."""
        return sa.select(self.table.key).where(self.owner, self.table.kind == kind)

    def kinds(self) -> dict[str, str]:
        """The kind of every item by its key."""
        return {row.key: row.kind for row in db.session.execute(self.columns("key", "kind"))}

    def _all(self, *conditions: sa.ColumnElement[bool]) -> Sequence[AnyItem]:
        return db.session.scalars(self._ordered(sa.select(self.table).where(self.owner, *conditions))).all()

    def _ordered(self, query: sa.Select[Any]) -> sa.Select[Any]:
        return query.order_by(self.table.position, self.table.key)


def draft(work: Work) -> Contents:
    """What is in a work now."""
    return Contents(Item, Item.work_id == work.id)


def published(version: Version) -> Contents:
    """What was in a work when the version was taken."""
    return Contents(VersionItem, VersionItem.version_id == version.id)
