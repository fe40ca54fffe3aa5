"""Programs: they show a token, have no cookies, and speak JSON."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from storefront.accounts.models import Person
from storefront.api import services
from storefront.api.models import ApiToken
from storefront.api.scopes import SCOPES
from storefront.kit.db import settle_reads, step


def make_token(person: Person, *scopes: str, days: int | None = None) -> tuple[ApiToken, str]:
    """A token of ``person`` with these scopes, ``*`` for all, and its secret."""
    with step():
        return services.make_token(person, "Laptop", SCOPES if "*" in scopes else scopes, days=days)


class Program:
    """A script of ``person`` that was given ``scopes``; of nobody if there is no person."""

    def __init__(self, app: Flask, person: Person | None = None, *scopes: str) -> None:
        self.client = FlaskClient(app, app.response_class, use_cookies=False)
        self.secret = make_token(person, *scopes)[1] if person else ""

    def ask(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        settle_reads()
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client.application.app_context():
            return self.client.open(path, method=method, json=json, headers=named)
