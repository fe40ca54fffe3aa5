"""The sandbox as a Flask application: its store, its API, its pages."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, Response

from storefront.sandbox.api import (
    accounts,
    balance,
    customers,
    disputes,
    events,
    fees,
    front,
    invoices,
    payments,
    portal,
    prices,
    products,
    refunds,
    sessions,
    subscriptions,
    transfers,
    webhook_endpoints,
)
from storefront.sandbox.api.faults import Faults
from storefront.sandbox.delivery import Deliverer, forget_endpoint
from storefront.sandbox.pages import billing, checkout, chrome, connect, receipts
from storefront.sandbox.pages.control import billing as _billing  # noqa: F401 - it and the next three declare deeds
from storefront.sandbox.pages.control import connect as _connect  # noqa: F401
from storefront.sandbox.pages.control import payments as _payments  # noqa: F401
from storefront.sandbox.pages.control import stage as _stage  # noqa: F401
from storefront.sandbox.pages.control.door import deeds
from storefront.sandbox.pages.control.room import room
from storefront.sandbox.parts import Sandbox
from storefront.sandbox.settings import Settings
from storefront.sandbox.shapes.endpoints import endpoint_body
from storefront.sandbox.store import Store, Transaction

API = (
    sessions, customers, products, prices, payments, refunds, disputes, accounts, transfers, balance, fees, events,
    webhook_endpoints, subscriptions, invoices, portal,
)  # fmt: skip
#: The endpoints that the settings name: changed, never doubled, when the sandbox starts again.
_OWN_ENDPOINT, _OWN_CONNECT_ENDPOINT = "we_sandbox", "we_sandbox_connect"


def create_app(settings: Settings) -> Flask:
    """The application. Webhooks are not sent until its deliverer is started or drained."""
    app = Flask(__name__, static_folder=None)
    store = Store(settings.database)
    app.extensions["sandbox"] = Sandbox(settings, store, Faults(), Deliverer(store))
    _register_own_endpoints(store, settings)
    _add_api(app)
    chrome.install(app, settings)
    for blueprint in (checkout.blueprint, receipts.blueprint, billing.blueprint, connect.blueprint, room, deeds):
        app.register_blueprint(blueprint)
    app.register_error_handler(ConnectionAbortedError, lambda _: Response(status=500))
    return app


def _add_api(app: Flask) -> None:
    for module in API:
        for endpoint in module.routes.endpoints:
            view = partial(front.answer, endpoint)
            app.add_url_rule(f"/v1{endpoint.address}", endpoint.name, view, methods=[endpoint.method])
    every = ["GET", "POST", "DELETE"]
    app.add_url_rule("/v1/<path:_>", "api.unrecognized", front.unrecognized, methods=every)


def _register_own_endpoints(store: Store, settings: Settings) -> None:
    platform = {"url": settings.webhook_url, "connect": False}
    connected = {"url": settings.connect_webhook_url, "connect": True}
    with store.writing() as transaction:
        _register(transaction, _OWN_ENDPOINT, platform, settings.webhook_secret)
        _register(transaction, _OWN_CONNECT_ENDPOINT, connected, settings.connect_webhook_secret)


def _register(transaction: Transaction, id: str, values: dict[str, Any], secret: str) -> None:
    if not values["url"]:
        forget_endpoint(transaction, id)
        return
    values |= {"enabled_events": ["*"], "description": "From the settings"}
    body = endpoint_body(values, now=transaction.now) | {"id": id}
    if transaction.find("webhook_endpoint", id):
        transaction.save(body)
        transaction.hide(id, secret=secret)
    else:
        transaction.add(body, secret=secret)
