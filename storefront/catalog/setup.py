"""What the catalog gives to templates."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask

from storefront.catalog.cards import cover_url
from storefront.catalog.share import images
from storefront.kit.markdown import render_markdown
from storefront.kit.urls import absolute_url


def init_catalog(app: Flask) -> None:
    app.jinja_env.globals.update(cover_url=cover_url, absolute_url=absolute_url, share_image=images)
    app.jinja_env.filters.update(initials=initials, markdown=lru_cache(maxsize=512)(render_markdown))


def initials(name: str) -> str:
    """One or two letters for an avatar: ``Oda Lindqvist`` gives ``OL``."""
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words if len(words) == 1 else (words[0], words[-1]))).upper()
