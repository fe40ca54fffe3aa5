"""HTMX: one view answers with the page or with the part that was asked for."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from flask import redirect as plain_redirect

HEADERS = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request")


def is_htmx() -> bool:
    """Whether HTMX asks for a part. Going back in history wants the whole page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def wants_part() -> bool:
    """Whether a part is enough. Who picks several parts out of a page (``hx-select``) asks for it whole."""
    return is_htmx() and request.headers.get("HX-Request-Type") != "full"


def page_or_fragment(page: str, fragment: str, **context: Any) -> Response:
    """``fragment`` alone for HTMX, else ``page`` which includes it; ``Vary`` says so to caches."""
    response = make_response(render_template(fragment if wants_part() else page, **context))
    response.vary.update(HEADERS)
    return response


def swaps(template: str, *, otherwise: str, **context: Any) -> Response:
    """After a deed: every place that changes for HTMX, a redirect (303) to ``otherwise`` without script."""
    if not is_htmx():
        return make_response(plain_redirect(otherwise, 303))
    response = make_response(render_template(template, **context))
    response.vary.update(HEADERS)
    return response


def redirect(url: str) -> Response:
    """A redirect both understand: 303, or for HTMX a full visit, which also may leave for another host.

    Not to a place on the very page that HTMX asks from: the browser would only scroll there.
    """
    if is_htmx():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(plain_redirect(url, 303))
