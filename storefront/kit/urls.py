"""Addresses that leave the shop: in e-mail, for Stripe, in feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, url_for
from werkzeug.routing import IntegerConverter, Map


class Number(IntegerConverter):
    """An id in an address. One that no database holds names nothing, so it is not found."""

    def __init__(self, map: Map, max: int = 2**63 - 1, **more: Any) -> None:
        super().__init__(map, max=max, **more)


def init_urls(app: Flask) -> None:
    """Let addresses be made outside a request too; which hosts are served is not limited by it."""
    app.url_map.converters = {**app.url_map.converters, "int": Number}
    site = urlsplit(app.config["SITE_URL"])
    app.config.update(SERVER_NAME=site.netloc, PREFERRED_URL_SCHEME=site.scheme)


def absolute_url(endpoint: str, **values: str | int | None) -> str:
    """The public address of a page, whatever host the request came to."""
    path = url_for(endpoint, _external=False, **values)  # type: ignore[arg-type]
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
