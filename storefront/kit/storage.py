"""Files by key: in a local folder by default, in an S3 bucket at scale.

A key is made by the shop, never typed by a person: lower-case segments joined by slashes, such as
``media/3f/3f9a…``. Nothing here signs or serves; addresses of the store never leave the server.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from storefront.kit.db import is_outside
from storefront.kit.errors import Unavailable

if TYPE_CHECKING:
    from obstore import GetResult  # a type only, absent when the program runs

log = logging.getLogger(__name__)

KEY = re.compile(r"[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*")
KEY_LIMIT = 512  # characters; S3 allows 1,024 bytes with the prefix
CHUNK = 256 * 1024  # bytes of a streamed piece, at least; the last may be shorter
OCTETS = "application/octet-stream"
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")  # names obstore knows it by


class FileMissing(LookupError):
    """No file is kept under this key."""


class StorageAway(Unavailable):
    """The place where files are kept does not answer, or refuses."""

    title = "Files can't be reached now."
    message = "Nothing was kept or changed. Wait a minute, then try again."


class Storage:
    """A place for whole files. A write is atomic: readers see the file before or after it, never half.

    Every method raises ValueError for a key that can't be one, and StorageAway when the place itself fails.
    """

    def __init__(self, store: LocalStore | S3Store) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str) -> Storage:
        """The storage at ``s3://bucket/prefix``, ``file:///folder``, or a plain path, made if need be.

        S3 takes its credentials, region and endpoint from the usual ``AWS_*`` environment. Raises ValueError
        for any other scheme.
        """
        parts = urlsplit(url)
        if parts.scheme == "s3" and parts.netloc:
            return cls(open_bucket(url))
        if parts.scheme == "file" and not parts.netloc:
            return cls(open_folder(Path(unquote(parts.path))))
        if url and not parts.scheme:
            return cls(open_folder(Path(url)))
        raise ValueError(f"STORAGE_URL is {url!r}; write a folder, file:///folder or s3://bucket/prefix.")

    def put(self, key: str, data: bytes | BinaryIO, content_type: str = OCTETS) -> None:
        """Keep ``data`` under ``key``, in place of what was there. S3 remembers the content type too.

        It is sent whole: of a file sent in parts, a bucket would keep those that came before the line broke.
        """
        attributes = {"Content-Type": content_type} if isinstance(self._store, S3Store) else None
        path = checked(key)
        if not isinstance(data, bytes):
            data.seek(0)
        with reached(key):
            self._store.put(path, data, attributes=attributes, use_multipart=False)

    def get(self, key: str) -> bytes:
        """The whole file. Raises FileMissing."""
        with reached(key):
            return self._open(key).bytes().to_bytes()

    def stream(self, key: str) -> Iterator[bytes]:
        """The file in pieces of ``CHUNK`` bytes or more. Raises FileMissing now, not at the first piece."""
        with reached(key):
            found = self._open(key)
        return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def exists(self, key: str) -> bool:
        """Whether a file is kept under ``key``."""
        path = checked(key)
        try:
            with reached(key):
                self._store.head(path)
        except FileMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget the file; there may be none."""
        path = checked(key)
        try:
            with reached(key):
                self._store.delete(path)
        except FileMissing:
            return

    def _open(self, key: str) -> GetResult:
        return self._store.get(checked(key))


@contextmanager
def reached(key: str) -> Iterator[None]:
    """Say obstore's errors in our words: FileMissing where there is no file, StorageAway for all the rest."""
    try:
        yield
    except FileNotFoundError:
        raise FileMissing(key) from None
    except (BaseError, OSError) as error:
        log.warning("storage failed at %s: %s", key, error)
        raise StorageAway from error


def open_folder(folder: Path) -> LocalStore:
    return LocalStore(folder.absolute(), mkdir=True)


def open_bucket(url: str) -> S3Store:
    """The bucket, given half a minute an answer: obstore's own patience would hold a request for three.

    Plain HTTP is spoken only to an endpoint that was written with ``http://``.
    """
    endpoint = next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), "")
    return S3Store.from_url(
        url,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": "5s",
            "timeout": "30s",
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )


def checked(key: str) -> str:
    """``key`` itself. Raises ValueError if it could leave its folder or be read in two ways."""
    if len(key) > KEY_LIMIT or ".." in key or not KEY.fullmatch(key):
        raise ValueError(f"{key[:80]!r} can't be the key of a file")
    return key


def init_storage(app: Flask) -> None:
    """Open what ``STORAGE_URL`` names. Raises ValueError with a sentence if it names nothing we know."""
    app.extensions["storage"] = Storage.from_url(app.config["STORAGE_URL"])


def current_storage() -> Storage:
    """The storage of the running shop, which may be another company's service far away.

    Raises RuntimeError outside of ``with outside():``, so that no transaction waits for it.
    """
    if not is_outside():
        raise RuntimeError("files are reached inside `with outside():` only, so that no transaction waits for them")
    return cast(Storage, current_app.extensions["storage"])
