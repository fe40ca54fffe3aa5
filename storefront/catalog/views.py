"""Pages of the catalog."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from storefront.catalog.frozen_covers import cover_webp

blueprint = Blueprint("catalog", __name__)

FOR_GOOD = "public, max-age=31536000, immutable"


@blueprint.get("/covers/<sha256>-<int:width>.webp")
def cover(sha256: str, width: int) -> Response:
    response = make_response(cover_webp(sha256, width))
    response.content_type = "image/webp"
    response.headers["Cache-Control"] = FOR_GOOD
    return response
