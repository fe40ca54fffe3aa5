"""The way into the control room's deeds: who may, what was sent, and how it is answered.

Values come as JSON or as a form. A wrong one is 422, an unknown id 404, both with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, request
from werkzeug.wrappers import Response

from storefront.sandbox.pages.control import room
from storefront.sandbox.parts import sandbox
from storefront.sandbox.store import Origin

deeds = Blueprint("deeds", __name__, url_prefix="/_sandbox")


@deeds.before_request
def refuse_other_sites() -> None:
    """Only this page and programs without a browser may do things here."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in (
        "none",
        "same-origin",
    ):
        abort(403)


@deeds.errorhandler(ValueError)
@deeds.errorhandler(LookupError)
def refuse(problem: ValueError | LookupError) -> tuple[Response | str, int]:
    """The sentence of a deed that can't be done."""
    status = 404 if isinstance(problem, LookupError) else 422
    sentence = str(problem.args[0]) if problem.args else "That can't be done."
    if wants_json():
        return jsonify(error=sentence), status
    return room.render(sandbox(), sentence), status


def given() -> Mapping[str, Any]:
    """What was sent. Raises `ValueError` if it is no object."""
    values: Any = request.get_json() if request.is_json else request.form
    if not isinstance(values, Mapping):
        raise ValueError("Send an object.")
    return values


def number(values: Mapping[str, Any], name: str) -> int | None:
    """A whole number, or None if it wasn't given. Raises `ValueError`."""
    value = values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not str(value).removeprefix("-").isdecimal():
        raise ValueError(f"Type a whole number for {name}.")
    return int(value)


def truth(values: Mapping[str, Any], name: str) -> bool | None:
    """Yes or no, or None if it wasn't given."""
    value = values.get(name)
    return None if value is None else value in (True, "true", "on")


def origin() -> Origin:
    """Where this sandbox is asked."""
    return Origin(base_url=request.url_root.rstrip("/"))


def wants_json() -> bool:
    """Whether a program asks, not a form of the page."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"


def done(result: Mapping[str, Any], section: str) -> Response:
    """The result to a program; back to the page's section for its forms."""
    return jsonify(result) if wants_json() else redirect(f"/#{section}", 303)
