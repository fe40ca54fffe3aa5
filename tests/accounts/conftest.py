"""Fixtures for what people do at the door."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.accounts.acts import NewBrowser
from tests.browser import Browser


@pytest.fixture
def new_browser(app: Flask) -> NewBrowser:
    """Makes somebody's browser, signed out; each has cookies of its own."""

    def make() -> Browser:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        return browser

    return make
