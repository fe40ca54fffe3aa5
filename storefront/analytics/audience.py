"""Who counts as somebody looking at a page, told by the request alone: no cookie, no script, nothing stored.

Counted is a ``GET`` by which a browser goes to a page, however the answer was made. Not counted are:

- ``HEAD`` and every other method, for they show no page
- what a browser fetches before anybody asked for it (``Sec-Purpose``, ``Purpose``, ``X-Moz``): people may never look.
  A page that was rendered ahead and then opened is not asked for again, so that view is missed
- parts that HTMX asks for, and anything else that is not a page in a window (``Sec-Fetch-Dest``)
- programs: those of the list of crawlers, and those that lack what every browser sends, which is a name that begins
  with ``Mozilla``, ``text/html`` among what it accepts, and a language

A conditional request is counted like any other: behind each 304 a person looks at the page that their browser kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from crawleruseragents import is_crawler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LONGEST_NAME = 300  # of what a browser calls itself; beyond that nothing is read
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
EARLY = ("prefetch", "prerender", "preview")


def looks(environ: WSGIEnvironment) -> bool:
    """Whether a person is at the other end who asked for this page."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_HX_REQUEST" in environ or _is_ahead(environ):
        return False
    if environ.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return False
    accepts = "text/html" in environ.get("HTTP_ACCEPT", "") and bool(environ.get("HTTP_ACCEPT_LANGUAGE"))
    return accepts and _is_browser(agent(environ))


def agent(environ: WSGIEnvironment) -> str:
    """What the browser calls itself."""
    return str(environ.get("HTTP_USER_AGENT", ""))[:LONGEST_NAME]


def _is_ahead(environ: WSGIEnvironment) -> bool:
    said = [environ[name].lower() for name in AHEAD if name in environ]
    return any(word in each for each in said for word in EARLY)


@lru_cache(maxsize=2048)
def _is_browser(name: str) -> bool:
    """Remembered, because the list has fifteen hundred patterns and visitors share a few hundred names."""
    return name.startswith("Mozilla/") and not is_crawler(name)
