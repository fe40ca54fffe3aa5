"""The pictures' addresses. One that shows what is no longer so leads to the one that does."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, make_response, redirect
from sqlalchemy.orm import joinedload

from storefront.catalog import wall
from storefront.catalog.models import FacetCount, Listing
from storefront.catalog.share import images
from storefront.catalog.share.images import ShareImage
from storefront.kit.db import db
from storefront.kit.errors import NotFound

blueprint = Blueprint("share", __name__)

FOR_GOOD = "public, max-age=31536000, immutable"


@blueprint.get("/share/<of>/<name>/<digest>.png")
def picture(of: str, name: str, digest: str) -> Response:
    image = find(of, name)
    if digest != image.digest:
        return make_response(redirect(image.address, 302))
    response = make_response(image.png())
    response.content_type = "image/png"
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def find(of: str, name: str) -> ShareImage:
    """What a stranger's page under that name would show. Raises NotFound where there is none."""
    if of == "listings":
        return _listing(name)
    if of == "creators":
        workspace = wall.creator(name)
        rows = wall.works_of(workspace).rows
        return images.of_creator(workspace, rows[0] if rows else None)
    # Only what the shop has: anybody could make up tags, and each would be drawn and kept.
    if of == "tags" and db.session.get(FacetCount, f"tag:{name}") is not None:
        return images.of_tag(name)
    if (of, name) == ("shop", "front"):
        return images.of_shop()
    raise NotFound


def _listing(slug: str) -> ShareImage:
    offered = sa.select(Listing).where(Listing.slug == slug, Listing.state == "published")
    listing = db.session.scalar(offered.options(joinedload(Listing.workspace)))
    if listing is None:
        raise NotFound
    return images.of_listing(listing)
