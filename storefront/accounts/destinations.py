"""Where somebody was going: kept through signing in, joining and confirming, and never off this site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for

from storefront.kit import htmx
from storefront.kit.errors import SignInNeeded, wants_json
from storefront.kit.security import safe_next
from storefront.kit.slices import ask

HOME = "/library"


def wanted() -> str:
    """The path in ``next``, empty if there is none or it would leave the site."""
    return safe_next(request.values.get("next"), default="")


def destination() -> str:
    """Where to go once signed in."""
    return wanted() or HOME


def destination_words() -> str | None:
    """What is to be had there, in the words of the slice that owns the page; None if no slice knows."""
    return next(filter(None, ask("destination.words", wanted())), None) if wanted() else None


def destination_email() -> str | None:
    """The e-mail that what is there was sent to; None if it was sent to nobody."""
    return next(filter(None, ask("destination.email", wanted())), None) if wanted() else None


def work_on_the_wall() -> Any:
    """A row for the work that hangs beside the form: the one somebody goes to, if it is one; None without."""
    return next(filter(None, ask("wall.work", wanted())), None)


def here() -> str:
    """The page somebody stands on: this one, or for a form or an HTMX part the one that sent it."""
    if request.method == "GET" and not htmx.is_htmx():
        return request.full_path.rstrip("?")
    try:
        page = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    except ValueError:
        return ""
    if page.netloc != request.host:
        return ""
    return safe_next(f"{page.path}?{page.query}".rstrip("?"), default="")


def ask_to_sign_in(*_mechanisms: Any, **_headers: Any) -> Response:
    """Answer somebody who must sign in first: the page for it, which leads back here. Machines get a 401."""
    if wants_json():
        raise SignInNeeded
    return htmx.redirect(url_for("accounts.login", next=here() or None))
