"""A container under a pass phrase: AES-256-GCM in chunks, the key by scrypt.

Chunks are chained as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015: https://eprint.iacr.org/2015/189): a nonce
holds the number of its chunk and whether it is the last, so none can be changed, moved, repeated or left out. scrypt's
cost is OWASP's for 32 MB (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html), and the
version fixes it, so that no file can ask for more.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storefront.works.container.layout import LARGEST_WHOLE, MEGABYTE, VERSION, Refused

MAGIC = b"pmtpk-sealed"
SALT, PREFIX, TAG = 16, 7, 16  # bytes
COST = {"n": 2**15, "r": 8, "p": 3}
HEADER = len(MAGIC) + 1 + SALT + PREFIX
SEALED_CHUNK = 64 * 1024  # bytes of plain text in each chunk but the last

WRONG = "The pass phrase is not the one it was made with, or the file was changed on its way."


@dataclass(frozen=True)
class Sealed:
    """A container under a pass phrase: its pieces, and how many bytes they are together."""

    pieces: Iterator[bytes]
    size: int


def sealed(container: BinaryIO, phrase: str) -> Sealed:
    """Encrypt ``container``, piece by piece as it is read."""
    plain = container.seek(0, 2)
    container.seek(0)
    chunks = max(1, -(-plain // SEALED_CHUNK))
    header = MAGIC + bytes([VERSION]) + secrets.token_bytes(SALT + PREFIX)
    return Sealed(_sealing(container, header, _cipher(phrase, header)), HEADER + plain + chunks * TAG)


def _sealing(container: BinaryIO, header: bytes, cipher: AESGCM) -> Iterator[bytes]:
    yield header
    number, chunk = 0, container.read(SEALED_CHUNK)
    while True:
        following = container.read(SEALED_CHUNK)
        yield cipher.encrypt(_nonce(header, number, last=not following), chunk, header)
        if not following:
            return
        number, chunk = number + 1, following


def is_sealed(container: BinaryIO) -> bool:
    """Whether it asks for a pass phrase."""
    container.seek(0)
    return container.read(len(MAGIC)) == MAGIC


def unsealed(container: BinaryIO, phrase: str, out: BinaryIO) -> None:
    """Decrypt into ``out``. Raises Refused; what ``out`` holds then must not be used."""
    container.seek(0)
    header = container.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise Refused
    if header[len(MAGIC)] != VERSION:
        raise Refused(f"It is of version {header[len(MAGIC)]} of the format; this shop reads version {VERSION}.")
    if not phrase:
        raise Refused("It was made with a pass phrase. Type it, and choose the file again.")
    cipher = _cipher(phrase, header)
    for chunk in _opening(container, header, cipher):
        if out.tell() + len(chunk) > LARGEST_WHOLE:
            raise Refused(f"It has more than {LARGEST_WHOLE // MEGABYTE} MB.")
        out.write(chunk)
    out.seek(0)


def _opening(container: BinaryIO, header: bytes, cipher: AESGCM) -> Iterator[bytes]:
    number, chunk = 0, container.read(SEALED_CHUNK + TAG)
    while True:
        following = container.read(SEALED_CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(header, number, last=not following), chunk, header)
        except InvalidTag:
            raise Refused(WRONG) from None
        if not following:
            return
        number, chunk = number + 1, following


def _nonce(header: bytes, number: int, *, last: bool) -> bytes:
    """96 bits: the file's own, the number of the chunk, and whether it is the last."""
    return header[-PREFIX:] + number.to_bytes(4, "big") + bytes([last])


def _cipher(phrase: str, header: bytes) -> AESGCM:
    """The cipher of a pass phrase, which is normalized, so that it opens the file from every keyboard."""
    words = unicodedata.normalize("NFC", phrase).encode()
    salt = header[len(MAGIC) + 1 : len(MAGIC) + 1 + SALT]
    return AESGCM(Scrypt(salt=salt, length=32, **COST).derive(words))
