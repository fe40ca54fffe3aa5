"""What people do at the door, in one line each."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.cast import PASSWORD

NewBrowser = Callable[[], Browser]

DANA = {"name": "Dana Cole", "email": "dana@example.com", "password": "a few words in a row"}


def join(browser: Browser, *, next: str = "", **typed: str) -> TestResponse:
    return browser.post(f"/register{_query(next)}", data={**DANA, **typed})


def sign_in(
    browser: Browser, email: str = "bob@example.com", password: str = PASSWORD, *, next: str = ""
) -> TestResponse:
    return browser.post(f"/login{_query(next)}", data={"email": email, "password": password})


def who(browser: Browser) -> str | None:
    """The e-mail of who is signed in, as the page for changing a password knows it."""
    found = re.search(r'name="username" autocomplete="username" value="([^"]+)"', browser.get("/change").text)
    return found[1] if found else None


def _query(next: str) -> str:
    return f"?next={quote(next, safe='')}" if next else ""
