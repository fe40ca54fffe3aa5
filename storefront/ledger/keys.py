"""The shop's Ed25519 keys: one signs, the others only prove what was signed before it.

They are PEM blocks in one file, ``LEDGER_KEY_FILE``. The private key signs; public ones are those of former keys.
A key is named by its id, the first sixteen digits of the SHA-256 of its 32 bytes, and printed as its fingerprint.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storefront.config import current as settings
from storefront.kit.ids import token

BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.S)


class KeyMissing(RuntimeError):
    """There is no key to sign with; the message says what to do."""


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def digest_of(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(raw(key)).hexdigest()


def key_id(key: Ed25519PublicKey) -> str:
    return digest_of(key)[:16]


def fingerprint(key: Ed25519PublicKey) -> str:
    """What people compare: ``1a2b 3c4d …``, the whole SHA-256 in groups of four."""
    text = digest_of(key)
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def is_signed_by(key: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    """Whether ``signature`` (base64) is the key's, of ``message``."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Keys:
    """The key that signs, and all that ever did, by their ids."""

    signing: Ed25519PrivateKey
    public: dict[str, Ed25519PublicKey]

    @property
    def current(self) -> Ed25519PublicKey:
        return self.signing.public_key()

    @property
    def id(self) -> str:
        return key_id(self.current)

    def sign(self, message: bytes) -> str:
        """The signature in base64."""
        return base64.b64encode(self.signing.sign(message)).decode()

    def proves(self, id: str, signature: str, message: bytes) -> bool:
        """Whether the shop's key ``id`` signed ``message``; False for a key that is not the shop's."""
        return id in self.public and is_signed_by(self.public[id], signature, message)


def keys() -> Keys:
    """The shop's keys. A shop for trying out makes its first key by itself. Raises KeyMissing."""
    path = Path(settings().ledger_key_file)
    if not path.exists():
        if settings().is_production:
            raise KeyMissing(f"There is no key in {path}. `storefront ledger key --new` makes one.")
        return _make_first(path)
    return read_keys(path.read_bytes())


def shown_fingerprint() -> str:
    """The fingerprint of the key that signs, for pages; nothing where none was made yet."""
    try:
        return fingerprint(keys().current)
    except KeyMissing:
        return ""


def read_keys(pem: bytes) -> Keys:
    """Raises KeyMissing if no private key is among them."""
    signing: Ed25519PrivateKey | None = None
    public: dict[str, Ed25519PublicKey] = {}
    for block in BLOCK.finditer(pem):
        key: object
        if block[1] == b"PRIVATE KEY":
            key = serialization.load_pem_private_key(block[0], None)
            if isinstance(key, Ed25519PrivateKey):
                signing = signing or key
                key = key.public_key()
        else:
            key = serialization.load_pem_public_key(block[0])
        if not isinstance(key, Ed25519PublicKey):
            raise KeyMissing("The key file holds a key that is not Ed25519.")
        public[key_id(key)] = key
    if signing is None:
        raise KeyMissing("The key file holds no private key. `storefront ledger key --new` makes one.")
    return Keys(signing, public)


def make_key() -> Keys:
    """Make a key that signs from now on. Of the one before only the public half stays, to prove what it signed."""
    path = Path(settings().ledger_key_file)
    if not path.exists():
        return _make_first(path)
    former = [_public_pem(block) for block in BLOCK.finditer(path.read_bytes())]
    _written_beside(path, [_private_pem(Ed25519PrivateKey.generate()), *former]).replace(path)
    return read_keys(path.read_bytes())


def _make_first(path: Path) -> Keys:
    """Two processes may make the first key at once: one of them does, and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _written_beside(path, [_private_pem(Ed25519PrivateKey.generate())])
    with suppress(FileExistsError):
        os.link(unfinished, path)
    unfinished.unlink()
    return read_keys(path.read_bytes())


def _written_beside(path: Path, blocks: Sequence[bytes]) -> Path:
    """A file to be moved to ``path``, so that nobody reads half a key; for the shop's own eyes only."""
    unfinished = path.with_name(f".{path.name}-{token(6).lower()}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(b"\n".join(block.strip() for block in blocks) + b"\n")
    return unfinished


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public_pem(block: re.Match[bytes]) -> bytes:
    if block[1] != b"PRIVATE KEY":
        return block[0]
    key = serialization.load_pem_private_key(block[0], None)
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
