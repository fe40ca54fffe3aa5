"""Files on their way to somebody: sent piece by piece, kept by no cache."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response


def attachment(pieces: Iterable[bytes], *, name: str, content_type: str, size: int) -> Response:
    """A file to be saved under ``name``; ``size`` in bytes."""
    response = Response(pieces, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    response.content_length = size
    return response
