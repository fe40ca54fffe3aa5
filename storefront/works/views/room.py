"""The room that every page of the studio stands in: bar, tree and panes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, request, url_for
from flask_login import current_user

from storefront.accounts.queries import may_with
from storefront.config import current as settings
from storefront.media.uploads import limit_upload
from storefront.works.container.layout import LARGEST_WHOLE
from storefront.works.contents import Contents, draft, published
from storefront.works.forms import upload_form
from storefront.works.kinds import ICONS, KINDS, WORDS, blocks
from storefront.works.models import Undo, Version, Work
from storefront.works.origins import Origin, origin_of
from storefront.works.outline import Entry, Outline, outline_of
from storefront.works.queries import find_undo, work_with_role
from storefront.works.shapes import MEGABYTE
from storefront.works.showing import VALUE

LARGEST_FORM = 4 * MEGABYTE  # a megabyte of text grows threefold on its way
LARGEST_FILE = 24 * MEGABYTE  # one that is imported, and the form around it
LARGEST_WORK = LARGEST_WHOLE + 2 * MEGABYTE  # and the form around it; it goes to a temporary file
LARGEST = {"works.take_in": LARGEST_FILE, "works.take_in_work": LARGEST_WORK}

blueprint = Blueprint("works", __name__)

PANES = ("items", "work", "preview")


@blueprint.url_value_preprocessor
def limit_sizes(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """How much a request may bring. Said here, because the forged are told from the true by reading its form."""
    request.max_form_memory_size = LARGEST_FORM
    if endpoint in ("works.upload_file", "works.upload_picture"):
        limit_upload(request, settings().upload_mb if endpoint == "works.upload_file" else settings().picture_mb)
        return
    request.max_content_length = LARGEST.get(endpoint or "", LARGEST_FORM)


@dataclass
class Room:
    """A work that somebody has opened, as it stands or in a version. ``key`` is the open item, if one is named."""

    work: Work
    role: str
    key: str | None = None
    version: Version | None = None

    @cached_property
    def contents(self) -> Contents:
        return published(self.version) if self.version else draft(self.work)

    @cached_property
    def origin(self) -> Origin | None:
        return origin_of(self.work)

    @cached_property
    def outline(self) -> Outline:
        return outline_of(self.contents)

    @property
    def entry(self) -> Entry | None:
        """The entry that is open: the one named, else the first; None where there is none."""
        return self.outline.get(self.key) if self.key else next(iter(self.outline.pages), None)

    @property
    def may_edit(self) -> bool:
        """Whether the work can be changed by who looks at it."""
        is_open = self.version is None and not (self.origin and self.origin.frozen)
        return is_open and may_with(self.role, "edit")

    @property
    def inside(self) -> dict[str, str]:
        """The kind of every item by its key."""
        return {entry.key: entry.kind for entry in self.outline.entries.values()}

    def address(self, entry: Entry) -> str:
        """Where an entry is shown; a block at its place on its page."""
        anchor = entry.key if entry.page is not entry else None
        return self._url(key=entry.page.key, _anchor=anchor)

    def _url(self, **values: Any) -> str:
        if self.version:
            values |= {"number": self.version.number}
        return url_for("works.version" if self.version else "works.show", public_id=self.work.public_id, **values)

    def context(self) -> dict[str, Any]:
        """What every page of the studio wants."""
        find = request.args.get("find", "")
        entry = self.entry
        at = entry.page if entry else None
        return {
            "work": self.work,
            "version": self.version,
            "origin": self.origin,
            "may_edit": self.may_edit,
            "may_own": may_with(self.role, "own"),
            "outline": self.outline,
            "entry": at,
            "find": find,
            "icons": ICONS,
            "words": WORDS,
            "kinds": [kind for kind in KINDS.values() if kind.name != "block"],
            "block_types": blocks.TYPE_WORDS,
            "branches": self.outline.branches(at, self.address, find),
            "link": self.address,
            "file_url": self.file_url,
            "picture_url": self.picture_url,
            "upload_form": upload_form,
            "limits": settings(),
            "undo": self.undo,
            **self._panes(at),
        }

    def file_url(self, key: str) -> str:
        if self.version:
            number = self.version.number
            return url_for("works.download_version_file", public_id=self.work.public_id, number=number, key=key)
        return url_for("works.download_file", public_id=self.work.public_id, key=key)

    def picture_url(self, sha256: str, width: int) -> str:
        return url_for("works.picture", public_id=self.work.public_id, sha256=sha256, width=width)

    @property
    def undo(self) -> Undo | None:
        """The way back that the address offers, while it can be gone."""
        asked = request.args.get("undo")
        return find_undo(self.work, asked) if asked else None

    def _panes(self, entry: Entry | None) -> dict[str, Any]:
        """Which pane a phone shows, and the addresses of all three, with what was typed so far."""
        values: dict[str, Any] = {name: text for name, text in request.args.items() if name.startswith(VALUE)}
        values["key"] = entry.key if entry else None
        asked = request.args.get("pane", "work")
        return {
            "pane": asked if asked in PANES else "work",
            "pane_urls": {pane: self._url(**values | {"pane": pane}) for pane in PANES},
        }


def room_for(public_id: str, key: str | None = None) -> Room:
    """The room of a work that the person who asks may see. Raises NotFound for anybody else's."""
    work, role = work_with_role(current_user, public_id)
    return Room(work, role, key)
