"""How a picture leaves the shop: as WebP alone, under an address that names its content and so is good for ever."""

from __future__ import annotations

from flask import Response, request

from storefront.kit.db import outside
from storefront.kit.errors import NotFound
from storefront.kit.storage import FileMissing, current_storage
from storefront.media.models import Media
from storefront.media.pictures import WIDTHS

SHUT = "default-src 'none'; sandbox"  # the policy of what somebody sent: opened by itself, it can do nothing
FOR_GOOD = "max-age=31536000, immutable"


def picture_response(media: Media | None, width: int, *, shared: bool) -> Response:
    """A picture in one of ``WIDTHS``, or in the nearest it has. ``shared`` says whether anybody's cache may keep it.

    Who may see it, the caller has asked. Raises NotFound, StorageAway.
    """
    if media is None or not media.widths or width not in WIDTHS:
        raise NotFound
    response = Response(content_type="image/webp")
    response.set_etag(f"{media.sha256}-{width}")
    response.headers["Cache-Control"] = f"{'public' if shared else 'private'}, {FOR_GOOD}"
    response.headers["Content-Security-Policy"] = SHUT
    tag, _is_weak = response.get_etag()
    if tag and not request.if_none_match.contains(tag):
        response.set_data(_bytes_of(media, width))
    return response


def _bytes_of(media: Media, width: int) -> bytes:
    try:
        with outside():
            return current_storage().get(media.picture_key(width))
    except FileMissing:
        raise NotFound("It is not here any more. Tell the shop.", title="The picture is missing.") from None
