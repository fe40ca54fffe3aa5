"""Headers, forgery protection, rate limits and safe redirects, in one place."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from storefront.config import Settings

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=False)

# Where forms of ours lead on to: to pay, and to set up payouts or look at them.
STRIPE_PAGES = "https://checkout.stripe.com https://connect.stripe.com"
YEAR = 365 * 24 * 3600


def init_security(app: Flask, settings: Settings) -> None:
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = settings.limits_url
    limiter.init_app(app)
    # No route is limited: tries are counted where they are made, and no other request need look for its limits.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
    app.config["CONTENT_SECURITY_POLICY"] = content_security_policy(settings)
    app.after_request(add_headers)


def content_security_policy(settings: Settings) -> str:
    """Ours only, nothing inline. A form may lead on to Stripe's page, which browsers count as its target."""
    checkout = settings.stripe_api_base or STRIPE_PAGES
    rules = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "form-action": f"'self' {checkout}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_SECURITY_POLICY"])
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    # Not whether the account is active: that would be read again after a rollback, perhaps of a database that is gone.
    if "_login_user" in g and not g._login_user.is_anonymous:
        headers.setdefault("Cache-Control", "private, no-cache")
    return response


def safe_next(target: str | None, *, default: str) -> str:
    """``target`` if it is a path of this site, else ``default``.

    Refuses other hosts, schemes, backslashes and control characters, which browsers read as slashes or drop.
    """
    if not target or any(ord(char) < 33 or char in "\\\x7f" for char in target):
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    is_path = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if is_path else default
