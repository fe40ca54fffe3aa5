"""Refusals: a sentence for the person, one place that shows it to browsers, HTMX and the API."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import psycopg
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    jsonify,
    make_response,
    render_template,
    request,
    session,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from storefront.kit.db import roll_back
from storefront.kit.htmx import is_htmx
from storefront.kit.ids import token

log = logging.getLogger(__name__)

RETRY_SECONDS = "5"


class Refusal(Exception):
    """Something a person may not or cannot do now. Subclasses say what, and what to do next.

    ``status`` is the HTTP status, ``title`` the heading, ``message`` the sentence. ``action`` is an
    optional ``(label, url)`` of a way on. Machines are also told ``errors``, sentences by the name of a field, and
    ``headers``.
    """

    errors: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}
    status = 400
    title = "That did not work."
    message = "Go back and try again."

    def __init__(
        self, message: str | None = None, *, title: str | None = None, action: tuple[str, str] | None = None
    ) -> None:
        self.message = message or self.message
        self.title = title or self.title
        self.action = action
        super().__init__(self.message)

    @property
    def action_label(self) -> str | None:
        return self.action[0] if self.action else None

    @property
    def action_url(self) -> str | None:
        return self.action[1] if self.action else None


class BadRequest(Refusal):
    title = "This address does not work."
    message = "Part of it was changed or lost. Start again from the catalog."


class SignInNeeded(Refusal):
    status = 401
    title = "Sign in first."
    message = "This needs an account."


class Forbidden(Refusal):
    status = 403
    title = "This is not allowed."
    message = "Your account may not do this."


class NotFound(Refusal):
    status = 404
    title = "An empty hook."
    message = "Nothing hangs at this address. It may have been taken down, or the link lost a letter."


class Conflict(Refusal):
    status = 409
    title = "Something changed meanwhile."
    message = "Load the page again to see how it stands now."


class TooLarge(Refusal):
    status = 413
    title = "That is too much at once."
    message = "Send less: a shorter text, or a smaller file."


class Invalid(Refusal):
    """Fields of a request are wrong; ``errors`` says what, as Marshmallow and WTForms do."""

    status = 422
    title = "Some of this is not right."
    message = "Each field that is wrong is listed under errors."

    def __init__(self, errors: Mapping[str, Any]) -> None:
        self.errors = errors
        super().__init__()


class TooMany(Refusal):
    status = 429
    title = "Too many tries."
    message = "Wait a few minutes, then try again."


class Unavailable(Refusal):
    status = 503
    title = "The shop is busy."
    message = "Nothing was changed. Wait a few seconds, then try again."


class Broken(Refusal):
    status = 500
    title = "Something broke."
    message = "It is our fault and we have been told. Try again in a while."


PAGES = {404: "errors/not_found.html", 503: "errors/unavailable.html"}
HTTP_TITLES = {
    400: BadRequest,
    401: SignInNeeded,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    429: TooMany,
    503: Unavailable,
}


def request_id() -> str:
    """The id a person may quote; the same for everything one request logs."""
    if not has_request_context():
        return "-"
    if "request_id" not in g:
        g.request_id = f"req_{token(4)}-{token(4)}".lower()
    found: str = g.request_id
    return found


def init_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, show)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(DBAPIError, show_trouble)
    app.register_error_handler(DataError, show_unreadable)
    app.register_error_handler(Exception, show_unexpected)
    app.jinja_env.globals["request_id"] = request_id


def show(refusal: Refusal) -> Response:
    """The refusal as problem JSON (RFC 9457), a toast for HTMX, or a page."""
    if not roll_back() or refusal.status >= 500:
        show_as_stranger()
        return dressed(refusal)
    try:
        return dressed(refusal)
    except DBAPIError as error:
        return show_trouble(error)  # its page asks who looks, and the database went away meanwhile


def dressed(refusal: Refusal) -> Response:
    if wants_json():
        body: dict[str, Any] = {"type": "about:blank", "title": refusal.title, "detail": refusal.message}
        if refusal.action:
            body["action"] = {"label": refusal.action_label, "url": refusal.action_url}
        if refusal.errors:
            body["errors"] = refusal.errors
        response = jsonify({**body, "status": refusal.status, "request_id": request_id()})
        response.content_type = "application/problem+json"
    elif is_htmx():
        response = toast(refusal)
    else:
        page = PAGES.get(refusal.status, "errors/error.html")
        response = make_response(render_template(page, refusal=refusal, status=refusal.status))
    response.status_code = refusal.status
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(refusal.headers)
    if refusal.status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def show_as_stranger() -> None:
    """Render without asking who looks: templates are given the person, and that read may be what failed.

    The cookie stays as it came, too: somebody whose signing in was not committed is not signed in.
    """
    session.modified = False
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def toast(refusal: Refusal) -> Response:
    """The refusal as a toast, beside whatever the person sees."""
    response = make_response(render_template("errors/_toast.html", refusal=refusal))
    response.headers["HX-Reswap"] = "none"
    return response


def show_http(error: HTTPException) -> Response:
    """Werkzeug's and Flask's own errors, said in our words. Redirects pass through."""
    status = error.code or 500
    if status < 400:
        return make_response(error)
    if status >= 500 and status != 503:
        return show_unexpected(error)
    refusal = HTTP_TITLES.get(status, Refusal)()
    refusal.status = status
    if isinstance(error, MethodNotAllowed):
        refusal.headers = {"Allow": ", ".join(sorted(error.valid_methods or ()))}
    return show(refusal)


def show_csrf(_error: CSRFError) -> Response:
    return show(
        BadRequest("The page was open too long or the form came from elsewhere. Load it again.", title="Once more.")
    )


def show_trouble(error: DBAPIError) -> Response:
    """A locked or unreachable database is a pause, whatever the driver calls it. Other trouble is our fault."""
    if error.connection_invalidated or (isinstance(error, OperationalError) and is_busy(error)):
        log.warning("database busy, request %s", request_id())
        return show(Unavailable())
    return show_unexpected(error)


def show_unreadable(error: DataError) -> Response:
    """A value that no column can hold, such as a NUL in an address: somebody tampered with it."""
    log.warning("unreadable value, request %s: %s", request_id(), error.orig)
    return show(BadRequest())


def is_busy(error: OperationalError) -> bool:
    """Whether waiting may help: SQLite's lock, or PostgreSQL's classes 40, 55P03 and lost connections.

    Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
    """
    if isinstance(error.orig, psycopg.Error):
        state = error.orig.sqlstate
        # A server names what is wrong. Where nothing is named, no server was reached.
        return state is None or state.startswith(("40", "08", "57P")) or state == "55P03"
    return "locked" in str(error.orig) or "busy" in str(error.orig) or error.connection_invalidated


def show_unexpected(error: Exception) -> Response:
    """A fault of ours: logged with the id that the page shows. Needs no database."""
    log.exception("unexpected error, request %s", request_id(), exc_info=error)
    roll_back()
    show_as_stranger()
    if wants_json():
        body = {"type": "about:blank", "title": Broken.title, "detail": Broken.message, "status": 500}
        response = jsonify({**body, "request_id": request_id()})
        response.content_type = "application/problem+json"
    elif is_htmx():
        response = toast(Broken())
    else:
        response = make_response(render_template("errors/broken.html", status=500))
    response.status_code = 500
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_json() -> bool:
    """Machines get JSON: the API, webhooks, and who asks for JSON first."""
    if request.path.startswith(("/api/", "/v1/", "/webhooks/")):
        return True
    best: str | None = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
