"""The split of All-Access's price while the slider moves. Without script the form leads to the page of prices."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from storefront.config import current as settings
from storefront.copies.simulator import simulate
from storefront.kit.caching import shared

blueprint = Blueprint("copy_simulator", __name__)


@blueprint.get("/all-access/simulator")
def show() -> Response:
    simulation = simulate(request.args.get("copies", ""))
    part = render_template("copies/_split.html", simulation=simulation, credit=settings().copy_credit)
    return make_response(part, 422) if simulation.wrong else shared(make_response(part))
