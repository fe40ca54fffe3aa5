"""Listing pages pass by here on their way out, kept ones and 304s too, and are counted; a thread writes the counts.

The pages of strangers are alike, so who looks is told by the request alone. A signed-in person's page is made for them:
operators are not counted, and members of the listing's workspace are taken out as the counts are written. A creator who
is signed out counts as anybody. The page behind a private link is not the listing's and is not counted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from flask_login import current_user

from storefront.analytics.audience import agent, looks
from storefront.analytics.counting import Count
from storefront.analytics.services import write
from storefront.catalog.window import SLUG
from storefront.kit import clock
from storefront.kit.db import step

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "views"
PAGE = "catalog.listing"
VIEWER = "storefront.viewer"  # in a request's environment: the id of who is signed in, 0 for an operator
SHOWN = ("200", "304")

log = logging.getLogger(__name__)


class Views:
    """Counts views around a WSGI application, and writes them every ``seconds``."""

    def __init__(self, app: Flask, inner: WSGIApplication, seconds: int) -> None:
        self.count = Count()
        self._app, self._inner, self._seconds = app, inner, seconds
        self._pages = next(app.url_map.iter_rules(PAGE)).rule.removesuffix("<slug>")
        self._writer: Thread | None = None
        self._beginning, self._writing, self._over = Lock(), Lock(), Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        slug = path[len(self._pages) :]
        if not path.startswith(self._pages) or not SLUG.fullmatch(slug) or not looks(environ):
            return self._inner(environ, start_response)

        def noting(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
            if status.startswith(SHOWN):
                self._see(slug, environ)
            return start_response(status, headers, *more)

        return self._inner(environ, noting)

    def flush(self) -> None:
        """Write what was counted. What can't be written waits for the next time; it is never waited for by a page."""
        with self._writing:
            taken = self.count.take()
            if not taken:
                return
            try:
                with self._app.app_context(), step():
                    write(taken)
            except Exception:
                self.count.give_back(taken)
                log.warning("%d counted views could not be written and wait", sum(taken.values()), exc_info=True)

    def _see(self, slug: str, environ: WSGIEnvironment) -> None:
        person = environ.get(VIEWER)
        if person == 0:
            return
        visitor = f"person {person}" if person else f"{environ.get('REMOTE_ADDR', '')}\0{agent(environ)}"
        self.count.see(slug, self._today(), visitor, person)
        if self._writer is None:
            self._begin_writing()

    def _today(self) -> Any:
        """By the shop's clock, which only a demo or a test can move."""
        if not self._app.config["CLOCK_FILE"]:
            return datetime.now(UTC).date()
        with self._app.app_context():
            return clock.now().date()

    def _begin_writing(self) -> None:
        """In the process that counts, from its first view on: a server may have forked since the shop was made."""
        with self._beginning:
            if self._writer is None:
                Finalize(None, self._finish, exitpriority=10)  # a server's child process runs these, and no atexit
                self._writer = Thread(target=self._write_on, name="views", daemon=True)
                self._writer.start()

    def _write_on(self) -> None:
        while not self._over.wait(self._seconds):
            self.flush()

    def _finish(self) -> None:
        """The process ends: nothing that was counted stays behind."""
        self._over.set()
        self.flush()


def init_views(app: Flask) -> None:
    """Put counting around ``app``, inside of what tells it the visitor's address."""
    seconds: int = app.config["VIEWS_SECONDS"]
    if not seconds:
        return
    app.after_request(_note_viewer)
    app.extensions[EXTENSION] = app.wsgi_app = Views(app, app.wsgi_app, seconds)  # type: ignore[method-assign]


def views_of(app: Flask) -> Views:
    """What this process counts."""
    found: Views = app.extensions[EXTENSION]
    return found


def _note_viewer(response: Response) -> Response:
    if request.endpoint == PAGE and response.status_code == 200 and current_user.is_authenticated:
        request.environ[VIEWER] = 0 if current_user.is_operator else current_user.id
    return response
