"""The door of the API: who asks, which version, what was answered before, and the answer's headers.

Source: https://docs.stripe.com/api/authentication, https://docs.stripe.com/api/versioning,
https://docs.stripe.com/api/request_ids
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, request

from storefront.sandbox import API_VERSION, agenda
from storefront.sandbox.api import idempotency
from storefront.sandbox.api.expanding import expand
from storefront.sandbox.api.faults import Fault, Faults, before_work, hang_up, server_error
from storefront.sandbox.api.routing import Endpoint
from storefront.sandbox.errors import StripeError
from storefront.sandbox.ids import new_id
from storefront.sandbox.nesting import tree_of
from storefront.sandbox.settings import Settings
from storefront.sandbox.store import Body, Origin, Store


@dataclass(frozen=True)
class Door:
    """What every request to the API needs."""

    store: Store
    settings: Settings
    faults: Faults

    def answer(self, endpoint: Endpoint, **ids: str) -> Response:
        """Let a request in, have it done, and answer it, errors included."""
        request_id = new_id("req", 14)
        try:
            self._check_key()
            self._check_version()
            agenda.run_due(self.store)
            return self._perform(endpoint, request_id, ids)
        except StripeError as refusal:
            return self.reply(refusal.body(), refusal.status, request_id)

    def reply(self, body: Body, status: int, request_id: str, **headers: str) -> Response:
        """An answer with the headers that Stripe sends."""
        response = jsonify(body)
        response.status_code = status
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = API_VERSION
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Stripe"'
        if key := request.headers.get("Idempotency-Key"):
            response.headers["Idempotency-Key"] = key
        response.headers.extend({name.replace("_", "-"): value for name, value in headers.items()})
        return response

    def _perform(self, endpoint: Endpoint, request_id: str, ids: dict[str, str]) -> Response:
        if endpoint.method != "POST":
            pairs = list(request.args.items(multi=True))
            return self.reply(self._read(endpoint, pairs, ids), 200, request_id)
        pairs = list(request.form.items(multi=True))
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._work(endpoint, pairs, ids, Origin(request_id=request_id, base_url=_base_url()))
        asked = idempotency.fingerprint(endpoint.method, request.path, pairs)
        kept = idempotency.reserve(self.store, key, asked, request_id)
        if kept:
            headers = {"Idempotent_Replayed": "true", "Original_Request": kept.request_id}
            return self.reply(kept.body, kept.status, request_id, **headers)
        origin = Origin(request_id=request_id, idempotency_key=key, base_url=_base_url())
        try:
            return self._work(endpoint, pairs, ids, origin)
        finally:
            idempotency.release(self.store, key)

    def _read(self, endpoint: Endpoint, pairs: list[tuple[str, str]], ids: dict[str, str]) -> Body:
        values = endpoint.params.read(tree_of(pairs))
        paths = values.pop("expand", [])
        opened = self.store.writing() if endpoint.method == "DELETE" else self.store.reading()
        with opened as transaction:
            return expand(transaction, endpoint.handler(transaction, values, **ids), paths)

    def _work(
        self, endpoint: Endpoint, pairs: list[tuple[str, str]], ids: dict[str, str], origin: Origin
    ) -> Response:
        """Do what a POST asks, and keep its answer under its key, as one transaction."""
        fault = self.faults.next()
        before_work(self.faults, fault)
        values = endpoint.params.read(tree_of(pairs))
        paths = values.pop("expand", [])
        try:
            with self.store.writing(origin) as transaction:
                body = endpoint.handler(transaction, values, **ids)
                status, body = _outcome(fault, expand(transaction, body, paths))
                if origin.idempotency_key:
                    idempotency.keep(transaction, origin.idempotency_key, status, body)
        except StripeError as refusal:
            if origin.idempotency_key:
                with self.store.writing() as transaction:
                    idempotency.keep(transaction, origin.idempotency_key, refusal.status, refusal.body())
            raise
        if fault and fault.kind == "lost":
            hang_up()
        return self.reply(body, status, origin.request_id or "")

    def _check_key(self) -> None:
        given = _presented_key()
        if not given:
            raise StripeError(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                status=401,
            )
        if not hmac.compare_digest(given.encode(), self.settings.secret_key.encode()):
            raise StripeError(f"Invalid API Key provided: {_masked(given)}", status=401)

    @staticmethod
    def _check_version() -> None:
        asked = request.headers.get("Stripe-Version", API_VERSION)
        if asked != API_VERSION:
            raise StripeError(f"Invalid Stripe API version: {asked}. This sandbox speaks {API_VERSION} only.")


def unrecognized() -> Response:
    """https://docs.stripe.com/api/errors: an address that doesn't exist."""
    refusal = StripeError(
        f"Unrecognized request URL ({request.method}: {request.path}). Please see https://docs.stripe.com/api.",
        status=404,
    )
    door: Door = current_app.extensions["sandbox"].door
    return door.reply(refusal.body(), 404, new_id("req", 14))


def _outcome(fault: Fault | None, body: Body) -> tuple[int, Body]:
    if fault and fault.kind == "error_after":
        return 500, server_error().body()
    return 200, body


def _base_url() -> str:
    return request.url_root.rstrip("/")


def _presented_key() -> str:
    """The key as a bearer token or as the user name of basic authentication."""
    authorization: Any = request.authorization
    if authorization is None:
        return ""
    return str(authorization.token or authorization.username or "")


def _masked(key: str) -> str:
    return key[:8] + "*" * max(len(key) - 12, 0) + key[-4:] if len(key) > 12 else "*" * len(key)
