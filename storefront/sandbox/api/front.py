"""The door of the API: who asks, which version, what was answered before, and the answer's headers.

Source: https://docs.stripe.com/api/authentication, https://docs.stripe.com/api/versioning,
https://docs.stripe.com/api/request_ids, https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from storefront.sandbox import API_VERSION, agenda
from storefront.sandbox.accounts import existing
from storefront.sandbox.api import idempotency
from storefront.sandbox.api.expanding import expand
from storefront.sandbox.api.faults import Fault, before_work, hang_up, server_error
from storefront.sandbox.api.routing import Endpoint
from storefront.sandbox.errors import StripeError
from storefront.sandbox.ids import new_id
from storefront.sandbox.nesting import tree_of
from storefront.sandbox.parts import Sandbox, sandbox
from storefront.sandbox.store import Body, Origin, Transaction


@dataclass(frozen=True)
class Answer:
    """What is answered; `replays` names the request that got this answer first."""

    status: int
    body: Body
    replays: str = ""


@dataclass(frozen=True)
class _Call:
    """One request to an endpoint, before its parameters are checked."""

    endpoint: Endpoint
    ids: dict[str, str]
    pairs: list[tuple[str, str]]
    origin: Origin
    #: The connected account that it is made for: https://docs.stripe.com/connect/authentication
    account: str

    def run(self, transaction: Transaction, values: dict[str, Any], paths: list[str]) -> Body:
        if self.account:
            existing(transaction, self.account)
        with transaction.on(self.account):
            body = self.endpoint.handler(transaction, values, **self.ids)
            return expand(transaction, body, paths)

    def values(self) -> tuple[dict[str, Any], list[str]]:
        """The checked parameters and what to expand. Raises `StripeError`."""
        values = self.endpoint.params.read(tree_of(self.pairs))
        return values, values.pop("expand", [])


def answer(endpoint: Endpoint, **ids: str) -> Response:
    """Let a request in, have it done, and answer it, errors included."""
    request_id = new_id("req", 14)
    parts = sandbox()
    try:
        _check_key(parts.settings.secret_key)
        _check_version()
        agenda.run_due(parts.store)
        return _reply(_perform(parts, endpoint, ids, request_id), request_id)
    except StripeError as refusal:
        return _reply(Answer(refusal.status, refusal.body()), request_id)


def unrecognized(_: str) -> Response:
    """https://docs.stripe.com/api/errors: an address that doesn't exist."""
    refusal = StripeError(
        f"Unrecognized request URL ({request.method}: {request.path}). Please see https://docs.stripe.com/api.",
        status=404,
    )
    return _reply(Answer(404, refusal.body()), new_id("req", 14))


def _perform(parts: Sandbox, endpoint: Endpoint, ids: dict[str, str], request_id: str) -> Answer:
    source = request.form if endpoint.method == "POST" else request.args
    key = request.headers.get("Idempotency-Key") if endpoint.method == "POST" else None
    origin = Origin(request_id=request_id, idempotency_key=key, base_url=request.url_root.rstrip("/"))
    account = request.headers.get("Stripe-Account", "")
    call = _Call(endpoint, ids, list(source.items(multi=True)), origin, account)
    if endpoint.method == "GET":
        return _read(parts, call)
    if key is None:
        return _change(parts, call)
    asked = idempotency.fingerprint(endpoint.method, request.path, [*call.pairs, ("Stripe-Account", account)])
    if kept := idempotency.reserve(parts.store, key, asked, request_id):
        return Answer(kept.status, kept.body, replays=kept.request_id)
    try:
        return _change(parts, call)
    finally:
        idempotency.release(parts.store, key)


def _read(parts: Sandbox, call: _Call) -> Answer:
    fault = parts.faults.next("GET")
    before_work(parts.faults, fault)
    values, paths = call.values()
    with parts.store.reading() as transaction:
        done = _as_fault_wants(fault, call.run(transaction, values, paths))
    return _after_work(fault, done)


def _change(parts: Sandbox, call: _Call) -> Answer:
    """Do what is asked and keep the answer under its key, as one transaction."""
    fault = parts.faults.next(call.endpoint.method)
    before_work(parts.faults, fault)
    values, paths = call.values()
    key = call.origin.idempotency_key
    try:
        with parts.store.writing(call.origin) as transaction:
            done = _as_fault_wants(fault, call.run(transaction, values, paths))
            idempotency.keep(transaction, key, done.status, done.body)
    except StripeError as refusal:
        with parts.store.writing() as transaction:
            idempotency.keep(transaction, key, refusal.status, refusal.body())
        raise
    return _after_work(fault, done)


def _as_fault_wants(fault: Fault | None, body: Body) -> Answer:
    if fault and fault.kind == "error_after":
        return Answer(500, server_error().body())
    return Answer(200, body)


def _after_work(fault: Fault | None, done: Answer) -> Answer:
    if fault and fault.kind == "lost":
        hang_up()
    return done


def _reply(given: Answer, request_id: str) -> Response:
    """An answer with the headers that Stripe sends."""
    response = jsonify(given.body)
    response.status_code = given.status
    response.headers["Request-Id"] = request_id
    response.headers["Stripe-Version"] = API_VERSION
    if given.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Stripe"'
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    if given.replays:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = given.replays
    return response


def _check_key(secret_key: str) -> None:
    given = _presented_key()
    if not given:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    if not hmac.compare_digest(given.encode(), secret_key.encode()):
        raise StripeError(f"Invalid API Key provided: {_masked(given)}", status=401)


def _presented_key() -> str:
    """The key as a bearer token or as the user name of basic authentication."""
    authorization = request.authorization
    if authorization is None:
        return ""
    return authorization.token or authorization.username or ""


def _masked(key: str) -> str:
    return key[:8] + "*" * max(len(key) - 12, 0) + key[-4:] if len(key) > 12 else "*" * len(key)


def _check_version() -> None:
    asked = request.headers.get("Stripe-Version", API_VERSION)
    if asked != API_VERSION:
        raise StripeError(f"Invalid Stripe API version: {asked}. This sandbox speaks {API_VERSION} only.")
