"""What comes in through a form: whether it may, what it is, and who it counts for."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask import Request

from storefront.accounts.models import Person, Workspace
from storefront.accounts.plans import FILE_ROOM, require_room
from storefront.accounts.queries import owner_of
from storefront.config import current as settings
from storefront.kit import clock
from storefront.kit.db import db
from storefront.kit.errors import Refusal, TooLarge
from storefront.kit.inserts import insert_if_new
from storefront.kit.storage import OCTETS
from storefront.media.models import Media, Upload
from storefront.media.pictures import TYPES, NoPicture, Picture, cut, type_of
from storefront.media.services import Stored, keep, store

MEGABYTE = 1_000_000  # bytes, as the limits count them
FORM = 64 * 1024  # bytes of a form around its file
LONGEST_NAME, LONGEST_ENDING = 200, 20
PLAIN = {  # beside what Python knows: names under which people keep text
    ".md": "text/markdown", ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".toml": "text/plain",
    ".yaml": "text/plain", ".yml": "text/plain", ".txt": "text/plain", ".svg": "image/svg+xml",
}  # fmt: skip


class Unfit(Refusal):
    """A file that is not taken. Nothing of it was kept."""

    status = 422
    title = "This file was not taken."


@dataclass(frozen=True)
class Arrival:
    """A file that came and was found right: ``name`` is what its maker calls it, ``media`` what it is kept as."""

    name: str
    stored: Stored

    @property
    def content(self) -> dict[str, Any]:
        """What an item says of its file."""
        return {
            "name": self.name, "content_type": self.stored.content_type, "size": self.stored.size,
            "sha256": self.stored.sha256,
        }  # fmt: skip


def limit_upload(request: Request, megabytes: int) -> None:
    """Let a request bring one file of so many megabytes. What says that it brings more is refused before it does."""
    most = megabytes * MEGABYTE + FORM
    request.max_content_length = most
    if request.content_length is not None and request.content_length > most:
        raise TooLarge(f"{megabytes} MB is the most for one file. Choose a smaller one.")


def take_file(sent: Any) -> Arrival:
    """Store a file byte for byte as it came. ``sent`` is Werkzeug's; no transaction may be open.

    Raises Unfit for none, an empty one, one that is too large, or one that calls itself a picture and is none;
    NoPicture, StorageAway.
    """
    file, name = _opened(sent, settings().upload_mb)
    picture = None
    content_type = type_of(file)
    if content_type:
        picture = cut(file)
    else:
        content_type = _type_by_name(name)
        if content_type in TYPES.values():
            raise Unfit(f"It is called {PurePath(name).suffix} and holds no such picture. Send the picture itself.")
    return Arrival(name, store(file, content_type, picture))


def take_picture(sent: Any, *, at_least: int = 0) -> Arrival:
    """Store a picture without what came with it: upright, in sRGB, as WebP, ``at_least`` so many px wide.

    Raises Unfit, NoPicture, StorageAway.
    """
    file, name = _opened(sent, settings().picture_mb)
    found = cut(file, with_master=True)
    if found.width < at_least:
        raise Unfit(f"It is {found.width:,} pixels wide, and {at_least} is the least that looks sharp.")
    return Arrival(_as_webp(name), _stored(found))


def _stored(found: Picture) -> Stored:
    return store(BytesIO(found.master), found.content_type, found)


def keep_upload(arrival: Arrival, workspace: Workspace, *, by: Person) -> Media:
    """Have the workspace's owner answer for the file. Raises PlanNeeded where their plan has no room for it."""
    media = keep(arrival.stored)
    charge(workspace, [media.sha256], by=by)
    return media


def charge(workspace: Workspace, sha256s: Iterable[str], *, by: Person) -> None:
    """Count files that are kept against the plan of the workspace's owner, each once. Raises PlanNeeded."""
    owner = owner_of(workspace.id)
    db.session.execute(sa.select(Person.id).where(Person.id == owner.id).with_for_update())  # two at once: one waits
    now = clock.now()
    new = [insert_if_new(Upload, workspace_id=workspace.id, sha256=each, uploaded_at=now) for each in sha256s]
    if any(new):
        require_room(owner, FILE_ROOM, -(-used_by(owner) // MEGABYTE) - 1, by=by)


def used_by(owner: Person) -> int:
    """Bytes that all workspaces of ``owner`` brought in and that are kept; what two brought counts for both."""
    brought = sa.select(sa.func.coalesce(sa.func.sum(Media.size), 0)).select_from(Upload)
    brought = brought.join(Media, Media.sha256 == Upload.sha256)
    brought = brought.join(Workspace, Workspace.id == Upload.workspace_id).where(Workspace.owner_id == owner.id)
    return int(db.session.scalars(brought).one())


def _opened(sent: Any, megabytes: int) -> tuple[BinaryIO, str]:
    """The file that was sent, and the name it came with without folders and what can't be seen."""
    name = "".join(char for char in (getattr(sent, "filename", "") or "") if char.isprintable())
    name = PurePath(name.replace("\\", "/")).name.strip()
    if sent is None or not name:
        raise Unfit("Choose a file first.")
    file: BinaryIO = sent.stream
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise Unfit("The file is empty. Choose another.")
    if size > megabytes * MEGABYTE:
        raise Unfit(f"{megabytes} MB is the most. Choose a smaller file.")
    return file, _short(name)


def _short(name: str) -> str:
    ending = PurePath(name).suffix[:LONGEST_ENDING]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def _as_webp(name: str) -> str:
    return _short(f"{PurePath(name).stem}.webp")


def _type_by_name(name: str) -> str:
    """What its name says it is; the type that came with it says nothing that could be relied on."""
    ending = PurePath(name).suffix.lower()
    return PLAIN.get(ending) or mimetypes.guess_type(f"file{ending}", strict=True)[0] or OCTETS


__all__ = ["Arrival", "NoPicture", "Unfit", "keep_upload", "limit_upload", "take_file", "take_picture", "used_by"]
