"""Taking out what one holds as a ``.pmtpk`` file: by a link that lives an hour, or at once under a pass phrase.

A link is signed for one license and one person. Following it asks again whether the license is good, so a refund ends
the links that were made before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from os import SEEK_END
from typing import BinaryIO

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from storefront.accounts.models import Person
from storefront.events.services import record
from storefront.kit import clock
from storefront.kit.errors import Forbidden, NotFound
from storefront.library.services import version_to_clone
from storefront.licenses.models import License
from storefront.licenses.queries import license_for
from storefront.works.container import sealed
from storefront.works.container.carrying import packed_version, pieces_of
from storefront.works.container.layout import ENDING

LIFE = timedelta(hours=1)
SALT = "library.download"


class LinkTooOld(Forbidden):
    title = "This link is too old."
    message = "A link to a download lives one hour. Make a new one on the page of the license."


@dataclass(frozen=True)
class Download:
    """A container on its way: what to save it as, its pieces, and how many bytes they are together."""

    name: str
    pieces: Iterator[bytes]
    size: int


class ShopSigner(TimestampSigner):
    """Signs with the shop's own clock, which a demo may move."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def sign_link(license: License, *, by: Person) -> str:
    """What a link to the download ends with. Raises LicenseEnded or LicenseFrozen."""
    license.use()
    record("work.downloaded", license, by=by, sealed=False)
    token: str = _serializer().dumps([license.public_id, by.id])
    return token


def license_of_link(person: Person, token: str) -> License:
    """The license that a link was made for, if it was made for ``person``.

    Raises NotFound for another's link or one that nobody signed, LinkTooOld after an hour.
    """
    try:
        public_id, person_id = _serializer().loads(token, max_age=int(LIFE.total_seconds()))
    except SignatureExpired:
        raise LinkTooOld(action=("To the library", "/library")) from None
    except BadSignature:
        raise NotFound from None
    if person_id != person.id:
        raise NotFound
    return license_for(person, public_id)


def download(license: License) -> Download:
    """What **Clone again** would copy now, as a file. Raises LicenseEnded or LicenseFrozen."""
    name, container = _packed(license)
    size = container.seek(0, SEEK_END)
    container.seek(0)
    return Download(name, pieces_of(container), size)


def sealed_download(license: License, phrase: str, *, by: Person) -> Download:
    """The same under a pass phrase, which is kept nowhere. Raises LicenseEnded or LicenseFrozen."""
    name, container = _packed(license)
    record("work.downloaded", license, by=by, sealed=True)
    made = sealed(container, phrase)
    return Download(name, made.pieces, made.size)


def _packed(license: License) -> tuple[str, BinaryIO]:
    license.use()
    version = version_to_clone(license)
    origin = {"license": license.number, "listing": license.listing.slug, "version": version.number}
    return f"{license.listing.slug}-{version.number}{ENDING}", packed_version(version, origin)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT, signer=ShopSigner)
