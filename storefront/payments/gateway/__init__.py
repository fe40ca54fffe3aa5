"""Stripe's door: the only importer of ``stripe``. Every call happens with no transaction open.

Amounts are whole minor units. Every write carries an idempotency key made from our own intent and its
attempt, because Stripe replays the first answer to a key (https://docs.stripe.com/api/idempotent_requests).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import stripe
from flask import Flask, current_app

from storefront.config import Settings
from storefront.config import current as settings
from storefront.kit.db import is_outside
from storefront.kit.errors import Refusal, Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

# Pinned: later versions replace `payment_method_types`, and the public specification at hand is this one.
STRIPE_VERSION = "2026-05-27.dahlia"
ADDRESSES = ("api", "connect", "files", "meter_events")
EXTENSION = "stripe"


class PaymentsDown(Unavailable):
    title = "Payments are not answering."
    message = "Nothing was charged. Your order is kept; try again in a minute."


class PaymentsBroken(PaymentsDown):
    """Stripe answered with a failure of its own, which it keeps under the idempotency key."""


class PaymentRefused(Refusal):
    """Stripe understood and said no; ``code`` is its word for why, ``reason`` its sentence, for operators."""

    status = 502
    title = "The payment could not be started."
    message = "Nothing was charged. Try again, and if it keeps happening tell the shop."

    def __init__(self, code: str = "", reason: str = "") -> None:
        super().__init__()
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class CheckoutSession:
    """What the shop needs to know of a Checkout session; amounts in minor units."""

    id: str
    url: str | None
    status: str
    payment_status: str
    amount_total: int
    amount_subtotal: int
    amount_tax: int
    currency: str
    payment_intent: str | None
    metadata: Mapping[str, str]
    livemode: bool
    expires_at: datetime

    @property
    def is_paid(self) -> bool:
        """Whether to fulfil: https://docs.stripe.com/checkout/fulfillment."""
        return self.payment_status in ("paid", "no_payment_required")

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> CheckoutSession:
        """From Stripe's JSON, of an answer or an event. Raises KeyError or TypeError if it isn't a session."""
        intent = body.get("payment_intent")
        return cls(
            id=body["id"],
            url=body.get("url"),
            status=body["status"],
            payment_status=body["payment_status"],
            amount_total=body["amount_total"] or 0,
            amount_subtotal=body["amount_subtotal"] or 0,
            amount_tax=(body.get("total_details") or {}).get("amount_tax", 0),
            currency=body["currency"].upper(),
            payment_intent=intent["id"] if isinstance(intent, Mapping) else intent,
            metadata=body.get("metadata") or {},
            livemode=body["livemode"],
            expires_at=datetime.fromtimestamp(body["expires_at"], UTC),
        )


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What a Checkout page is made for. ``amount`` is in minor units; ``note`` stands under the button that pays;
    ``metadata`` comes back with every event about it. With a ``destination``, a connected account, the money goes on
    there at once, and the platform keeps ``application_fee`` of it."""

    amount: int
    currency: str
    title: str
    description: str
    image: str | None
    note: str
    email: str
    reference: str
    metadata: dict[str, str]
    expires_at: datetime
    success_url: str
    cancel_url: str
    destination: str | None = None
    application_fee: int = 0


@dataclass(frozen=True)
class Payment:
    """How a payment went through: the charge, what Stripe kept of it (minor units), the card, the receipt."""

    charge: str
    stripe_fee: int | None
    fee_currency: str | None
    card: str | None
    receipt_url: str | None


def init_gateway(app: Flask) -> None:
    app.extensions[EXTENSION] = make_client(app.extensions["settings"])


def make_client(found: Settings) -> stripe.StripeClient:
    base = found.stripe_api_base
    # StripeClient ignores the module's global retry setting, so it is passed.
    return stripe.StripeClient(
        found.stripe_secret_key,
        stripe_version=STRIPE_VERSION,
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=found.stripe_timeout),
        **({"base_addresses": dict.fromkeys(ADDRESSES, base)} if base else {}),  # type: ignore[arg-type]
    )


def create_checkout_session(purchase: Purchase, *, key: str) -> CheckoutSession:
    """A hosted page to pay on. Source: https://docs.stripe.com/api/checkout/sessions/create."""
    product: dict[str, Any] = {"name": purchase.title, "description": purchase.description}
    if purchase.image:
        product["images"] = [purchase.image]
    price = {"currency": purchase.currency.lower(), "unit_amount": purchase.amount, "product_data": product}
    params: Any = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "custom_text": {"submit": {"message": purchase.note}},
        "customer_email": purchase.email,
        "client_reference_id": purchase.reference,
        "metadata": purchase.metadata,
        "payment_intent_data": {"metadata": purchase.metadata, **_passed_on(purchase)},
        "expires_at": int(purchase.expires_at.timestamp()),
        "success_url": purchase.success_url,
        "cancel_url": purchase.cancel_url,
        # https://docs.stripe.com/tax/checkout
        **({"automatic_tax": {"enabled": True}} if settings().automatic_tax else {}),
    }
    return _session(lambda client, options: client.v1.checkout.sessions.create(params, options), key)


def _passed_on(purchase: Purchase) -> dict[str, Any]:
    """A destination charge: https://docs.stripe.com/connect/destination-charges. A fee of nothing is left out."""
    if purchase.destination is None:
        return {}
    fee = {"application_fee_amount": purchase.application_fee} if purchase.application_fee else {}
    return {"transfer_data": {"destination": purchase.destination}, **fee}


def retrieve_checkout_session(session_id: str) -> CheckoutSession:
    return _session(lambda client, _options: client.v1.checkout.sessions.retrieve(session_id))


def expire_checkout_session(session_id: str) -> CheckoutSession:
    """Close an open session, so that it can't be paid. Returns it as it is if it was closed or paid already."""
    session = retrieve_checkout_session(session_id)
    if session.status != "open":
        return session
    try:
        return _session(lambda client, _options: client.v1.checkout.sessions.expire(session_id))
    except PaymentRefused:
        return retrieve_checkout_session(session_id)


def retrieve_payment(payment_intent: str) -> Payment:
    """The charge behind a payment intent, with the fee once Stripe knows it."""
    expand: Any = {"expand": ["latest_charge.balance_transaction"]}
    intent = call(lambda client, _options: client.v1.payment_intents.retrieve(payment_intent, expand)).to_dict()
    charge = intent["latest_charge"]
    balance = charge.get("balance_transaction")
    details = charge.get("payment_method_details") or {}
    card = details.get("card")
    return Payment(
        charge=charge["id"],
        stripe_fee=balance["fee"] if isinstance(balance, dict) else None,
        fee_currency=balance["currency"].upper() if isinstance(balance, dict) else None,
        card=f"card ending {card['last4']}" if card else (details.get("type") or "").replace("_", " ") or None,
        receipt_url=charge.get("receipt_url"),
    )


def find_refund(payment_intent: str) -> str | None:
    """The id of a refund of a payment, unless it failed; None if there is none."""
    params: Any = {"payment_intent": payment_intent}
    refunds = call(lambda client, _options: client.v1.refunds.list(params)).data
    return next((refund.id for refund in refunds if refund.status not in ("failed", "canceled")), None)


def refund_payment(payment_intent: str, *, key: str, metadata: dict[str, str], takes_back: tuple[str, ...] = ()) -> str:
    """Give a whole payment back. Returns the refund's id, also when it was given back before.

    Asking again with the same key is the same refund. Of a destination charge, ``takes_back`` says what comes back
    with it: ``reverse_transfer`` and, if there was a fee, ``refund_application_fee``.
    """
    params: Any = {"payment_intent": payment_intent, "metadata": metadata, **dict.fromkeys(takes_back, True)}
    try:
        refund = call(lambda client, options: client.v1.refunds.create(params, options), key)
    except PaymentRefused as refusal:
        if refusal.code != "charge_already_refunded":
            raise
        made: Any = {"payment_intent": payment_intent, "limit": 1}
        (refund,) = call(lambda client, _options: client.v1.refunds.list(made)).data
    found: str = refund.id
    return found


def verify_event(body: bytes, signature: str, secrets: tuple[str, ...], *, tolerance: int) -> dict[str, Any] | None:
    """The event in ``body`` if one of ``secrets`` signed it within ``tolerance`` seconds; None if not.

    The library refuses old timestamps only, so one from the future is refused here.
    """
    stamp = dict(part.split("=", 1) for part in signature.split(",") if "=" in part).get("t", "")
    if not stamp.isascii() or not stamp.isdigit() or int(stamp) > datetime.now(UTC).timestamp() + tolerance:
        return None
    for secret in secrets:
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret, tolerance)
            return _json(text)
        except (stripe.SignatureVerificationError, ValueError):
            continue
    return None


def _json(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise ValueError("not an event")
    return found


def _session(ask: Callable[[stripe.StripeClient, Any], Any], key: str | None = None) -> CheckoutSession:
    return CheckoutSession.from_dict(call(ask, key).to_dict())


def call(ask: Callable[[stripe.StripeClient, Any], T], key: str | None = None) -> T:
    """Call Stripe and say its refusals in our words: PaymentsDown, PaymentsBroken or PaymentRefused."""
    if not is_outside():
        raise RuntimeError("Stripe is called inside `with outside():` only, so that no transaction waits for it")
    client: stripe.StripeClient = current_app.extensions[EXTENSION]
    try:
        return ask(client, {"idempotency_key": key} if key else {})
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        log.warning("Stripe did not answer: %s", error)
        raise PaymentsDown from error
    except stripe.APIError as error:
        log.warning("Stripe failed: %s", error)
        # 409: the same call is still under way, from another click. Its key is not used up.
        raise (PaymentsDown if error.http_status == 409 else PaymentsBroken) from error
    except stripe.StripeError as error:
        log.error("Stripe refused: %s", error)
        raise PaymentRefused(_code(error), error.user_message or "") from error


def _code(error: stripe.StripeError) -> str:
    """Stripe's word for a refusal. The library leaves it out of errors about permission."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    return error.code or body.get("error", {}).get("code") or ""


def livemode() -> bool:
    """Whether this shop's key moves real money; events of the other mode are not ours."""
    return "_live_" in settings().stripe_secret_key
