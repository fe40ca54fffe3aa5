"""Templates without work that is the same every time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import attrgetter
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from flask import Flask
from flask.templating import Environment
from jinja2 import Template
from jinja2.runtime import Context

MOST_REMEMBERED = 5000  # a card is about a kilobyte


class Compiled(Template):
    """A template whose macros are made once, for whoever imports them."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ARG002
        # Jinja asks at every import whether the importing template was loaded with globals of its own. None is here,
        # and on a page that imports a dozen macros the answer takes a tenth of its time.
        return super()._get_default_module()


class Templates(Environment):
    template_class = Compiled


def remembered(macro: Callable[..., str], *shown: str) -> Callable[..., str]:
    """``macro``, run once for the same attributes ``shown`` of its first argument and the same other arguments.

    So what it writes never gets old; it may depend on nothing else, least of all on who looks.
    """
    read = attrgetter(*shown)

    def key(subject: Any, *more: Hashable, **named: Hashable) -> Hashable:
        return read(subject), more, tuple(named.items())

    made: Callable[..., str] = cached(LRUCache(MOST_REMEMBERED), key, Lock())(macro)
    return made


def init_templating(app: Flask) -> None:
    app.jinja_env.globals["remembered"] = remembered
