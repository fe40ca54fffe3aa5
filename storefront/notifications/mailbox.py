"""The letters that were left in the mail folder instead of being sent, for who tries the shop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import current_app
from markupsafe import Markup, escape

from storefront.kit.errors import NotFound

SHOWN = 100  # letters in the list
NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-z]{6,20}")
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Letter:
    """One letter. ``name`` is its file's, without the ending, and sorts by the moment it was written."""

    name: str
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)

    @property
    def text(self) -> Markup:
        """What it says, its addresses as links."""
        return with_links(self._part("plain"))

    @property
    def html(self) -> str:
        """The other part, as mail programs show it."""
        return self._part("html")

    def _part(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        return str(part.get_content()) if part else ""


def newest_letters() -> list[Letter]:
    """The last letters, newest first."""
    names = sorted((path.stem for path in _folder().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)
    return [_read(name) for name in names[:SHOWN]]


def letter_named(name: str) -> Letter:
    """Raises NotFound."""
    if not NAME.fullmatch(name) or not _path(name).is_file():
        raise NotFound
    return _read(name)


def with_links(text: str) -> Markup:
    """Plain text, made safe, with a link for each web address in it."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        link = Markup('<a class="a" href="{0}">{0}</a>').format(found[0])
        parts += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _read(name: str) -> Letter:
    parser: BytesParser[EmailMessage] = BytesParser(policy=policy.default)
    return Letter(name, parser.parsebytes(_path(name).read_bytes()))


def _path(name: str) -> Path:
    return _folder() / f"{name}.eml"


def _folder() -> Path:
    return Path(current_app.config["MAIL_FOLDER"])
