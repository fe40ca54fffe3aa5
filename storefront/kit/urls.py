"""Addresses that leave the shop: in e-mail, for Stripe, in feeds."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, url_for


def init_urls(app: Flask) -> None:
    """Let addresses be made outside a request too; which hosts are served is not limited by it."""
    site = urlsplit(app.config["SITE_URL"])
    app.config.update(SERVER_NAME=site.netloc, PREFERRED_URL_SCHEME=site.scheme)


def absolute_url(endpoint: str, **values: str | int | None) -> str:
    """The public address of a page, whatever host the request came to."""
    path = url_for(endpoint, _external=False, **values)  # type: ignore[arg-type]
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
