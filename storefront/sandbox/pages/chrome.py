"""What every page shares: the shop's built stylesheet and icons, text of money and time, and the headers.

Without built assets the pages still work, undressed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory
from markupsafe import Markup

from storefront.sandbox.currencies import money_text
from storefront.sandbox.settings import Settings

OWN_STATIC = Path(__file__).parents[1] / "static"
#: Redirects after a form lead to the shop, whatever its address, and pictures come from there.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' http: https:",
        "form-action 'self' http: https:",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def install(app: Flask, settings: Settings) -> None:
    """Give the application its static files, template functions and headers."""
    app.add_url_rule("/static/<path:name>", "built", lambda name: send_from_directory(settings.assets, name))
    app.add_url_rule("/assets/<path:name>", "own", lambda name: send_from_directory(OWN_STATIC, name))
    app.jinja_env.globals.update(
        built=lambda name: _built(settings.assets, name),
        icon=lambda name, classes="": _icon(settings.assets, name, classes),
        business=settings.business,
    )
    app.jinja_env.filters.update(money=money_text, moment=moment, span=span, card_number=card_number)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_add_headers)


def moment(seconds: int) -> str:
    """A time as people read it: "21 Nov 2026, 10:52 UTC"."""
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %b %Y, %H:%M} UTC"


def span(seconds: int) -> str:
    """A stretch of time in its two largest units: "2 days, 3 hours"."""
    parts = []
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts[:2])


def card_number(digits: str) -> str:
    """A number in groups as on the card."""
    if len(digits) == 15:
        return f"{digits[:4]} {digits[4:10]} {digits[10:]}"
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _built(assets: Path, name: str) -> str:
    """The address of a built file, or nothing while there is none."""
    manifest = _json(assets / "manifest.json")
    return f"/static/{manifest[name]}" if name in manifest else ""


def _icon(assets: Path, name: str, classes: str) -> Markup:
    """A Lucide icon, 20 px and in the color of the text."""
    paths = _json(assets / "icons.json").get(name)
    if paths is None:
        return Markup()
    return Markup(
        '<svg class="i {}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>'
    ).format(classes, Markup(paths))


def _json(path: Path) -> dict[str, Any]:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def _add_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
    return response
