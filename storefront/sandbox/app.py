"""The sandbox as a Flask application: its store, its API, its pages."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response

from storefront.sandbox.api import customers, events, front, payments, refunds, sessions, webhook_endpoints
from storefront.sandbox.api.faults import Faults
from storefront.sandbox.delivery import Deliverer, forget_endpoint
from storefront.sandbox.pages import checkout, chrome, receipts
from storefront.sandbox.pages.control.deeds import deeds
from storefront.sandbox.pages.control.room import room
from storefront.sandbox.parts import Sandbox
from storefront.sandbox.settings import Settings
from storefront.sandbox.shapes.endpoints import endpoint_body
from storefront.sandbox.store import Store

_API = (sessions, customers, payments, refunds, events, webhook_endpoints)
#: The endpoint that the settings name: changed, never doubled, when the sandbox starts again.
_OWN_ENDPOINT = "we_sandbox"


def create_app(settings: Settings) -> Flask:
    """The application. Webhooks are not sent until its deliverer is started or drained."""
    app = Flask(__name__, static_folder=None)
    store = Store(settings.database)
    app.extensions["sandbox"] = Sandbox(settings, store, Faults(), Deliverer(store))
    _register_own_endpoint(store, settings)
    _add_api(app)
    chrome.install(app, settings)
    for blueprint in (checkout.blueprint, receipts.blueprint, room, deeds):
        app.register_blueprint(blueprint)
    app.register_error_handler(ConnectionAbortedError, lambda _: Response(status=500))
    return app


def _add_api(app: Flask) -> None:
    for module in _API:
        for endpoint in module.routes.endpoints:
            view = partial(front.answer, endpoint)
            app.add_url_rule(f"/v1{endpoint.address}", endpoint.name, view, methods=[endpoint.method])
    every = ["GET", "POST", "DELETE"]
    app.add_url_rule("/v1/<path:_>", "api.unrecognized", front.unrecognized, methods=every)


def _register_own_endpoint(store: Store, settings: Settings) -> None:
    with store.writing() as transaction:
        if not settings.webhook_url:
            forget_endpoint(transaction, _OWN_ENDPOINT)
            return
        values = {"url": settings.webhook_url, "enabled_events": ["*"], "description": "From the settings"}
        body = endpoint_body(values, now=transaction.now) | {"id": _OWN_ENDPOINT}
        if transaction.find("webhook_endpoint", _OWN_ENDPOINT):
            transaction.save(body)
            transaction.hide(_OWN_ENDPOINT, secret=settings.webhook_secret)
        else:
            transaction.add(body, secret=settings.webhook_secret)
