"""Where Stripe's events come in."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from storefront.config import current as settings
from storefront.kit.security import csrf
from storefront.payments import gateway, webhooks

blueprint = Blueprint("payments", __name__)
csrf.exempt(blueprint)  # the signature of the body is the proof of where it comes from


@blueprint.post("/webhooks/stripe")
@blueprint.post("/v1/webhooks/stripe", endpoint="receive_alias")
def receive() -> tuple[Response, int]:
    return _receive(settings().webhook_secrets)


@blueprint.post("/webhooks/stripe/connect")
def receive_connect() -> tuple[Response, int]:
    return _receive(settings().connect_webhook_secrets)


def _receive(secrets: tuple[str, ...]) -> tuple[Response, int]:
    """Keep, then handle. Anything well signed is answered 200: a retry would find the same row."""
    signature = request.headers.get("Stripe-Signature", "")
    payload = gateway.verify_event(request.get_data(), signature, secrets, tolerance=webhooks.TOLERANCE)
    if payload is None:
        return jsonify(error="The signature does not fit."), 400
    return jsonify(state=webhooks.handle(webhooks.keep(payload))), 200
