"""What machines read: feeds, the sitemap, robots.txt and the health check."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from storefront.accounts.models import Workspace
from storefront.catalog.browse import browse
from storefront.catalog.filters import read_filters
from storefront.catalog.models import Listing
from storefront.kit import clock
from storefront.kit.caching import shared
from storefront.kit.db import db, roll_back
from storefront.kit.errors import NotFound

blueprint = Blueprint("feeds", __name__)

IN_FEED = 30
IN_SITEMAP = 10_000  # listings in one file; the format allows 50,000 addresses
PRIVATE = ("/library", "/checkout/", "/admin/", "/login", "/register", "/catalog/suggestions")


@blueprint.get("/catalog.atom")
def atom() -> Response:
    """The newest works of what is asked for, with the catalog's own filters (RFC 4287)."""
    filters = replace(read_filters(request.args), chosen_sort="newest")
    rows = browse(filters, limit=IN_FEED).rows
    newest = max((row.published_at for row in rows), default=clock.now())
    return _xml("catalog/feed.xml", "application/atom+xml", filters=filters, rows=rows, newest=newest)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """All addresses; once they are too many for one file, the files that hold them.

    Source: https://www.sitemaps.org/protocol.html
    """
    last = db.session.scalar(sa.select(sa.func.max(Listing.id))) or 0
    if last <= IN_SITEMAP:
        return _sitemap_part(1)
    parts = range(1, last // IN_SITEMAP + 2)
    return _xml("catalog/sitemap_index.xml", "application/xml", parts=parts)


@blueprint.get("/sitemaps/<int(max=1000000):part>.xml")
def sitemap_part(part: int) -> Response:
    if part < 1:
        raise NotFound
    return _sitemap_part(part)


def _sitemap_part(part: int) -> Response:
    query = (
        sa.select(Listing.slug, Listing.updated_at, Workspace.handle)
        .join(Workspace, Workspace.id == Listing.workspace_id)
        .where(Listing.id > (part - 1) * IN_SITEMAP, Listing.id <= part * IN_SITEMAP, Listing.state == "published")
        .order_by(Listing.id)
    )
    rows = db.session.execute(query).all()
    handles = sorted({row.handle for row in rows})
    return _xml("catalog/sitemap.xml", "application/xml", rows=rows, handles=handles, is_first=part == 1)


@blueprint.get("/robots.txt")
def robots() -> Response:
    response = make_response(render_template("catalog/robots.txt", private=PRIVATE))
    response.content_type = "text/plain; charset=utf-8"
    return shared(response)


@blueprint.get("/healthz")
def health() -> tuple[Response, int]:
    """Whether the shop can serve: 200, or 503 while its database can't be reached."""
    try:
        db.session.execute(sa.select(sa.literal(1)))
    except SQLAlchemyError:
        roll_back()
        return _told({"status": "down", "database": "unreachable"}), 503
    return _told({"status": "ok", "database": "ok"}), 200


def _told(state: dict[str, str]) -> Response:
    response = jsonify(state)
    response.headers["Cache-Control"] = "no-store"
    return response


def _xml(template: str, content_type: str, **context: Any) -> Response:
    response = make_response(render_template(template, **context, rfc3339=datetime.isoformat))
    response.content_type = f"{content_type}; charset=utf-8"
    return shared(response)
