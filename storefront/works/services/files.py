"""Files that come into a work: into an item that waits for one or has another, and into a picture's block."""

from __future__ import annotations

from pathlib import PurePath

import sqlalchemy as sa

from storefront.accounts.models import Person
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Refusal
from storefront.media.uploads import Arrival, keep_upload
from storefront.works.models import LONGEST_ITEM_TITLE, Item, Work
from storefront.works.services.items import add_item

UNNAMED = "New file"  # what the studio calls an item that was just added


class TooManyFiles(Refusal):
    status = 422
    title = "The work is full."

    def __init__(self) -> None:
        most = settings().files_per_work
        files = "1 file" if most == 1 else f"{most:,} files"
        super().__init__(f"It has {files}, and that is the most. Take some out first.")


def check_room_for_file(work: Work) -> None:
    """Raises TooManyFiles if the work has as many as it may."""
    files = sa.select(sa.func.count()).where(Item.work_id == work.id, Item.file_sha256.is_not(None))
    if db.session.scalars(files).one() >= settings().files_per_work:
        raise TooManyFiles


def put_file(work: Work, item: Item, arrival: Arrival, *, by: Person) -> None:
    """Make what arrived the file of an item, in place of the one it had; other works keep theirs.

    Raises TooManyFiles, PlanNeeded.
    """
    if not item.content:
        check_room_for_file(work)
    keep_upload(arrival, work.workspace, by=by)
    item.content = arrival.content
    if item.title == UNNAMED:
        item.title = arrival.name[:LONGEST_ITEM_TITLE]
    work.updated_at = clock.now()


def put_picture(work: Work, block: Item, arrival: Arrival, *, by: Person) -> None:
    """Make what arrived the picture of a block. It is a file of the work like any other, beside the block.

    A file that this block alone shows gives way to it. Raises TooManyFiles, WorkFull, PlanNeeded.
    """
    key = block.content.get("file")
    file = db.session.get(Item, (work.id, key)) if key else None
    if file is not None and file.kind == "file" and not _is_shown_elsewhere(block, file.key):
        put_file(work, file, arrival, by=by)
        return
    check_room_for_file(work)
    keep_upload(arrival, work.workspace, by=by)
    title = PurePath(arrival.name).stem[:LONGEST_ITEM_TITLE]
    added = add_item(work, "file", title, by=by, parent=block.parent_key, content=arrival.content)
    block.content = {**block.content, "file": added.key}


def _is_shown_elsewhere(block: Item, key: str) -> bool:
    others = sa.exists().where(
        Item.work_id == block.work_id, Item.kind == "block", Item.key != block.key,
        Item.content["file"].as_string() == key,
    )  # fmt: skip
    return bool(db.session.scalar(sa.select(others)))
