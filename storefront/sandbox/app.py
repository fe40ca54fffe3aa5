"""The sandbox as a Flask application: its store, its API, its pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Flask, Response

from storefront.sandbox.api import customers, events, front, payments, refunds, sessions, webhook_endpoints
from storefront.sandbox.api.faults import Faults
from storefront.sandbox.delivery import Deliverer
from storefront.sandbox.pages import checkout, chrome, control, receipts
from storefront.sandbox.settings import Settings
from storefront.sandbox.shapes.endpoints import endpoint_body
from storefront.sandbox.store import Store

_API = (sessions, customers, payments, refunds, events, webhook_endpoints)
#: The endpoint that the settings name: changed, never doubled, when the sandbox starts again.
_OWN_ENDPOINT = "we_sandbox"


@dataclass(frozen=True)
class Sandbox:
    """The parts of a running sandbox; `app.extensions["sandbox"]`."""

    settings: Settings
    store: Store
    faults: Faults
    deliverer: Deliverer
    door: front.Door


def create_app(settings: Settings) -> Flask:
    """The application. Webhooks are not sent until its deliverer is started or drained."""
    app = Flask(__name__, static_folder=None)
    store, faults = Store(settings.database), Faults()
    door = front.Door(store, settings, faults)
    app.extensions["sandbox"] = Sandbox(settings, store, faults, Deliverer(store), door)
    _register_own_endpoint(store, settings)
    _add_api(app, door)
    chrome.install(app, settings)
    for page in (checkout, receipts, control):
        app.register_blueprint(page.blueprint)
    app.register_error_handler(ConnectionAbortedError, lambda _: Response(status=500))
    return app


def _add_api(app: Flask, door: front.Door) -> None:
    for module in _API:
        for endpoint in module.routes.endpoints:
            name = f"api.{endpoint.method}.{endpoint.address}".replace(".", "_")
            view = partial(door.answer, endpoint)
            app.add_url_rule(f"/v1{endpoint.address}", name, view, methods=[endpoint.method])
    app.add_url_rule(
        "/v1/<path:_>", "api_unrecognized", lambda _: front.unrecognized(), methods=["GET", "POST", "DELETE"]
    )


def _register_own_endpoint(store: Store, settings: Settings) -> None:
    with store.writing() as transaction:
        if not settings.webhook_url:
            transaction.delete(_OWN_ENDPOINT)
            return
        values = {"url": settings.webhook_url, "enabled_events": ["*"], "description": "From the settings"}
        body = endpoint_body(values, now=transaction.now) | {"id": _OWN_ENDPOINT}
        if transaction.find("webhook_endpoint", _OWN_ENDPOINT):
            transaction.save(body)
            transaction.hide(_OWN_ENDPOINT, secret=settings.webhook_secret)
        else:
            transaction.add(body, secret=settings.webhook_secret)
