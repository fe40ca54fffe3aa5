"""Who asks, whether they may, and how often: looked at before every endpoint of the API.

A program shows a token and needs no session and no forgery token. A page of the shop may ask by its session: to read it
needs nothing more, to change something the forgery token of its page, as every form does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, request
from flask_login import current_user
from limits import RateLimitItemPerMinute

from storefront.api.models import ApiToken
from storefront.api.queries import token_of_secret
from storefront.api.services import note_use
from storefront.config import current as settings
from storefront.kit.errors import Forbidden, SignInNeeded, TooMany
from storefront.kit.security import csrf, limiter

LARGEST = 8 * 2**20  # bytes of a body
REALM = 'Bearer realm="api"'


class NoToken(SignInNeeded):
    title = "Show a token."
    message = "This needs a personal access token, sent as a bearer: make one in your settings."
    headers = {"WWW-Authenticate": REALM}


class BadToken(SignInNeeded):
    """Source: https://www.rfc-editor.org/rfc/rfc6750#section-3.1"""

    title = "This token does not work."
    message = "It was never made, has expired or was revoked. Make another in your settings."
    headers = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}


class ScopeMissing(Forbidden):
    title = "This token may not do that."

    def __init__(self, scope: str) -> None:
        self.headers = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'}
        super().__init__(f"It lacks the scope {scope}. Make a token that has it.")


class AskedTooOften(TooMany):
    title = "That is too often."
    message = "Wait until the minute is over. Every answer says how many requests are left."


def let_in() -> None:
    """Raises NoToken, BadToken, ScopeMissing, AskedTooOften; BadRequest for a change by session without its token."""
    request.max_content_length = LARGEST
    scope = scope_of(current_app.view_functions[request.endpoint or ""])
    authorization = request.headers.get("Authorization")
    token = _token(authorization) if authorization is not None else None
    _count(token)
    if token is not None:
        if scope and scope not in token.scopes:
            raise ScopeMissing(scope)
        note_use(token)
        g._login_user = token.person
    elif current_user.is_authenticated:
        csrf.protect()
    elif scope:
        raise NoToken


def scope_of(view: Callable[..., Any]) -> str:
    """The scope that an endpoint asks for; empty if it is everybody's."""
    return getattr(view, "scope", "")


def _token(authorization: str) -> ApiToken:
    kind, _, secret = authorization.partition(" ")
    token = token_of_secret(secret.strip()) if kind.lower() == "bearer" else None
    if token is None:
        _count(None)
        raise BadToken
    return token


def _count(token: ApiToken | None) -> None:
    """One request more in this minute. Raises AskedTooOften past the limit."""
    who = ("address", request.remote_addr or "")
    if token is not None:
        who = ("token", token.public_id)
    elif current_user.is_authenticated:
        who = ("person", str(current_user.id))
    most = RateLimitItemPerMinute(settings().api_per_minute)
    is_left = limiter.limiter.hit(most, "api", *who)
    stats = limiter.limiter.get_window_stats(most, "api", *who)
    g.api_left = (most.amount, stats.remaining, max(1, round(stats.reset_time - time.time())))
    if not is_left:
        raise AskedTooOften


def dress(response: Response) -> Response:
    """What every answer of the API says.

    Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    """
    response.headers.setdefault("Cache-Control", "no-store")
    if "api_left" in g:
        most, left, seconds = g.api_left
        response.headers["RateLimit-Policy"] = f'"minute";q={most};w=60'
        response.headers["RateLimit"] = f'"minute";r={left};t={seconds}'
        if response.status_code == 429 and not left:
            response.headers["Retry-After"] = str(seconds)
    return response
