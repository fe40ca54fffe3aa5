"""A test client that behaves like a browser: keeps cookies and sends the page's forgery token."""

from __future__ import annotations

from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from storefront.accounts.models import Person
from storefront.kit.db import settle_reads

SEED = "a-token-that-a-page-would-hold"


class Browser(FlaskClient):
    """``as_person`` signs in without the form; ``forged`` posts as another site would, without the token."""

    def as_person(self, person: Person | None) -> Browser:
        with self.session_transaction() as session:
            session.clear()
            if person is not None:
                session["_user_id"] = person.fs_uniquifier
                session["_fresh"] = True
        return self

    def open(self, *args: Any, forged: bool = False, **kwargs: Any) -> TestResponse:
        method = kwargs.get("method", "GET")
        if method not in ("GET", "HEAD") and not forged:
            with self.session_transaction() as session:
                session["csrf_token"] = SEED
            headers = dict(kwargs.pop("headers", None) or {})
            signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
            headers.setdefault("X-CSRFToken", signer.dumps(SEED))
            kwargs["headers"] = headers
        if has_app_context():
            settle_reads()
        # Each request gets a context of its own, as in a server: the test's would hand on who was signed in.
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def htmx(self, path: str, *, method: str = "GET", **kwargs: Any) -> TestResponse:
        """A request as HTMX sends it."""
        headers = {**(kwargs.pop("headers", None) or {}), "HX-Request": "true"}
        return self.open(path, method=method, headers=headers, **kwargs)
