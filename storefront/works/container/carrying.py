"""A work of the shop as what a container carries, row by row and file by file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import sqlalchemy as sa

from storefront.kit.db import db
from storefront.works import files
from storefront.works.container.layout import CHUNK, MEGABYTE, Carried, CarriedFile, CarriedItem
from storefront.works.container.pack import pack
from storefront.works.models import Item, Version, VersionItem, Work

IN_MEMORY = 4 * MEGABYTE  # of a container; larger ones lie in a temporary file
ROWS = 200  # read at once


def packed_version(version: Version, origin: Mapping[str, Any]) -> BinaryIO:
    """A version as a container, to be read from its start. ``version.work`` must be loaded.

    Raises NotFound if storage has lost a file.
    """
    return _packed(version.work, VersionItem, VersionItem.version_id == version.id, origin)


def packed_work(work: Work, origin: Mapping[str, Any]) -> BinaryIO:
    """A work as it stands as a container, to be read from its start. Raises NotFound if storage has lost a file."""
    return _packed(work, Item, Item.work_id == work.id, origin)


def pieces_of(container: BinaryIO) -> Iterator[bytes]:
    """The bytes of a container, and its end as a temporary file."""
    with container:
        while piece := container.read(CHUNK):
            yield piece


def _packed(work: Work, table: Any, owner: sa.ColumnElement[bool], origin: Mapping[str, Any]) -> BinaryIO:
    container = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  # pieces_of closes it
    pack(Carried(work.kind, work.title, _items(table, owner), _files(table, owner), origin), container)
    return container


def _items(table: Any, owner: sa.ColumnElement[bool]) -> Iterator[CarriedItem]:
    rows = sa.select(table.key, table.parent_key, table.kind, table.title, table.content).where(owner)
    ordered = rows.order_by(table.position, table.key)
    for row in db.session.execute(ordered, execution_options={"yield_per": ROWS}):
        yield CarriedItem(*row)


def _files(table: Any, owner: sa.ColumnElement[bool]) -> Iterator[CarriedFile]:
    """Every file that an item names, once."""
    named = db.session.scalars(sa.select(table.content).where(owner, table.kind == "file").order_by(table.key))
    contents = {content["sha256"]: content for content in named if content}
    for sha256, content in contents.items():
        yield CarriedFile(sha256, content["content_type"], files.pieces(content))
