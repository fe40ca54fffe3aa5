"""Public pages: no token, no cookie, an ETag, 304 when nothing changed, and for a second the page of before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa
from cachetools import TTLCache
from flask import Flask, Response, request, session
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import is_entity_header, parse_etags

from storefront.kit.db import db
from storefront.kit.htmx import HEADERS
from storefront.kit.page_stamps import STAMPS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

EXTENSION = "kept_pages"
NOTE = "storefront.kept_page"  # in a request's environment: what its answer would be kept under
ROOM = 16 * 1024 * 1024  # bytes of pages that one process keeps at most
DECIDING = (
    "wsgi.url_scheme", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING",
    *(f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS),
)  # fmt: skip

Key = tuple[str | None, ...]
Stamps = tuple[int, ...]


def shared(response: Response, *, seconds: int = 0) -> Response:
    """Let anybody's cache keep the page of a stranger for ``seconds``, then ask again by its ETag.

    A signed-in person's page is left as it is: private. So is one that says something to this stranger alone,
    which took it out of their session.
    """
    response.vary.add("Cookie")
    if current_user.is_authenticated or session.modified:
        return response
    response.headers["Cache-Control"] = f"public, max-age={seconds}{'' if seconds else ', no-cache'}"
    response.add_etag()
    return response


def conditional(response: Response) -> Response:
    """304 instead of a page that the asker has already."""
    if "ETag" in response.headers:
        response.make_conditional(request)  # in place
    return response


@dataclass(frozen=True)
class Kept:
    """A page as it was answered first, and the stamps read before it was made."""

    stamps: Stamps
    tag: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer again: with the page, or with 304 if the asker has it."""
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(self.tag):
            start_response("304 NOT MODIFIED", [each for each in self.headers if not is_entity_header(each[0])])
            return []
        start_response("200 OK", list(self.headers))
        return [self.body]


class KeptPages:
    """Pages of strangers, kept by this process for a moment, or until somebody writes what they show.

    Only what ``shared`` let everybody have is kept, and who sends a cookie never gets one of these. They are given
    before Flask begins with a request, which costs more than all that is done here.
    """

    def __init__(self, engine: sa.Engine, seconds: int) -> None:
        self._engine = engine
        self._pages: TTLCache[Key, Kept] = TTLCache(ROOM, seconds, getsizeof=lambda kept: len(kept.body))
        self._lock = Lock()

    def find(self, environ: WSGIEnvironment) -> Kept | None:
        """The page that answers this request, if it is kept; what to keep it under is noted for ``keep``."""
        key = _key(environ)
        if key is None:
            return None
        stamps = self._read_stamps()
        with self._lock:
            kept = self._pages.get(key)
        if kept is not None and kept.stamps == stamps:
            return kept
        environ[NOTE] = (key, stamps)
        return None

    def keep(self, environ: WSGIEnvironment, response: Response) -> None:
        """Keep an answer that everybody may have; any other is left alone."""
        key, stamps = environ.get(NOTE, (None, None))
        tag, _is_weak = response.get_etag()
        if key is None or stamps is None or tag is None or not _is_for_everybody(response):
            return
        kept = Kept(stamps, tag, response.headers.to_wsgi_list(), response.get_data())
        with self._lock:
            self._pages[key] = kept

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()

    def _read_stamps(self) -> Stamps | None:
        """None while the database can't be asked: then the page itself says so."""
        driver_error = self._engine.dialect.loaded_dbapi.Error
        try:
            connection = self._engine.raw_connection()
        except (SQLAlchemyError, driver_error):  # which of them depends on whether the pool or the driver gave up
            return None
        try:
            cursor = connection.cursor()
            cursor.execute(STAMPS)
            return tuple(row[0] for row in cursor.fetchall())
        except driver_error:
            return None
        finally:
            connection.close()


def _key(environ: WSGIEnvironment) -> Key | None:
    """All of a request that decides what a stranger gets; None if no kept page may answer it."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_COOKIE" in environ or "HTTP_AUTHORIZATION" in environ:
        return None
    return tuple(environ.get(name) for name in DECIDING)


def _is_for_everybody(response: Response) -> bool:
    is_whole = response.status_code == 200 and response.is_sequence and "Set-Cookie" not in response.headers
    return is_whole and response.headers.get("Cache-Control", "").startswith("public")


def init_caching(app: Flask, seconds: int) -> None:
    with app.app_context():
        app.extensions[EXTENSION] = KeptPages(db.engine, seconds)


def kept_pages(app: Flask) -> KeptPages:
    """The pages that this process keeps."""
    found: KeptPages = app.extensions[EXTENSION]
    return found
