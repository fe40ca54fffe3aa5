"""Public pages: no token, no cookie, an ETag, 304 when nothing changed, and for a second the page of before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from flask import Flask, Response, current_app, request, session
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from storefront.kit.db import db
from storefront.kit.htmx import HEADERS
from storefront.kit.page_stamps import STAMPS

EXTENSION = "kept_pages"
ROOM = 16 * 1024 * 1024  # bytes of pages that one process keeps at most

Key = tuple[str | None, ...]


def shared(response: Response, *, seconds: int = 0) -> Response:
    """Let anybody's cache keep the page of a stranger for ``seconds``, then ask again by its ETag.

    A signed-in person's page is left as it is: private. So is one that says something to this stranger alone,
    which took it out of their session.
    """
    response.vary.add("Cookie")
    if current_user.is_authenticated or session.modified:
        return response
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    if not seconds:
        response.cache_control.no_cache = True
    response.add_etag()
    return response


@dataclass(frozen=True)
class Kept:
    """An answer as it was given, and the stamps read before it was made."""

    stamps: Sequence[int]
    headers: Sequence[tuple[str, str]]
    body: bytes

    def answer(self) -> Response:
        response = Response(self.body)
        response.headers.clear()
        response.headers.extend(self.headers)
        return response


class KeptPages:
    """Pages of strangers, kept by this process for a moment, or until somebody writes what they show.

    Only what ``shared`` let everybody have is kept, and who sends a cookie never gets one of these.
    """

    def __init__(self, seconds: int) -> None:
        self._pages: TTLCache[Key, Kept] = TTLCache(ROOM, seconds, getsizeof=lambda kept: len(kept.body))
        self._lock = Lock()

    def answer(self, render: Callable[[], Response]) -> Response:
        """The kept page that this request asks for, or what ``render`` makes; 304 if the asker has it already."""
        key = _key()
        response = render() if key is None else self._answer(key, render)
        if response.get_etag()[0]:
            response.make_conditional(request)  # in place
        return response

    def _answer(self, key: Key, render: Callable[[], Response]) -> Response:
        stamps = _read_stamps()
        with self._lock:
            kept = self._pages.get(key)
        if kept is not None and kept.stamps == stamps:
            return kept.answer()
        response = render()
        if stamps is not None and _is_for_everybody(response):
            with self._lock:
                self._pages[key] = Kept(stamps, response.headers.to_wsgi_list(), response.get_data())
        return response

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()


def _key() -> Key | None:
    """All of a request that decides what a stranger gets; None if no kept page may answer it."""
    if request.method != "GET" or "Cookie" in request.headers or "Authorization" in request.headers:
        return None
    varying = (request.headers.get(name) for name in HEADERS)
    return (request.scheme, request.root_path, request.path, request.query_string.decode("latin-1"), *varying)


def _read_stamps() -> Sequence[int] | None:
    """None while the database can't be asked: then the page itself says so."""
    try:
        with db.engine.connect() as connection:
            return connection.scalars(STAMPS).all()
    except SQLAlchemyError:
        return None


def _is_for_everybody(response: Response) -> bool:
    is_whole = response.status_code == 200 and response.is_sequence and "Set-Cookie" not in response.headers
    return is_whole and bool(response.get_etag()[0]) and bool(response.cache_control.public)


def init_caching(app: Flask, seconds: int) -> None:
    app.extensions[EXTENSION] = KeptPages(seconds)


def kept_pages() -> KeptPages:
    """The pages that this process keeps."""
    found: KeptPages = current_app.extensions[EXTENSION]
    return found
