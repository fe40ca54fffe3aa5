"""Public pages: no token, no cookie, an ETag, and 304 when nothing changed."""

from __future__ import annotations

from flask import Response, request, session
from flask_login import current_user


def shared(response: Response, *, seconds: int = 0) -> Response:
    """Let anybody's cache keep the page of a stranger for ``seconds``, then ask again by its ETag.

    A signed-in person's page is left as it is: private. So is one that says something to this stranger alone,
    which took it out of their session.
    """
    response.vary.add("Cookie")
    if current_user.is_authenticated or session.modified:
        return response
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    if not seconds:
        response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)  # in place
    return response
