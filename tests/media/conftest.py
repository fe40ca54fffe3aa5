"""Where files are kept: in a folder, and on an S3 server over HTTP."""

from __future__ import annotations

import pytest
from flask import Flask

from storefront.kit.storage import Storage
from tests.s3 import BUCKET


@pytest.fixture(params=["folder", "bucket"])
def kept_in(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The whole shop with its files in one place or the other."""
    found: str = request.param
    if found == "bucket":
        request.getfixturevalue("s3")
        monkeypatch.setitem(app.extensions, "storage", Storage.from_url(f"s3://{BUCKET}/shop"))
    return found
