"""The document, for programs and for people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template

from storefront.api.endpoint import EXTENSION
from storefront.api.reading import read
from storefront.api.scopes import SCOPES
from storefront.kit.markdown import render_markdown

blueprint = Blueprint("reference", __name__)


@blueprint.get("/api/openapi.json")
def document() -> Response:
    return jsonify(current_app.extensions[EXTENSION])


@blueprint.get("/api/docs")
def index() -> Response:
    """The same document as a page."""
    spec = current_app.extensions[EXTENSION]
    about = render_markdown(spec["info"]["description"])
    return make_response(render_template("api/reference.html", groups=read(spec), about=about, scopes=SCOPES))
