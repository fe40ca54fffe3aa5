"""https://docs.stripe.com/api/checkout/sessions"""

from __future__ import annotations

from storefront.sandbox import checkout
from storefront.sandbox.api.lists import cut, page
from storefront.sandbox.api.prices import RECURRING
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.errors import no_such
from storefront.sandbox.params import (
    Choice,
    Currency,
    Flag,
    Hash,
    Integer,
    ListOf,
    Metadata,
    Param,
    Text,
    Url,
)
from storefront.sandbox.shapes.sessions import DELAYED_METHODS
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_LOCALES = (
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru",
    "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
)  # fmt: skip
_PRODUCT_DATA: dict[str, Param] = {
    "name": Text(required=True, longest=250),
    "description": Text(longest=40000),
    "images": ListOf(Url(longest=2048), most=8),
    "metadata": Metadata(),
    "tax_code": Text(),
    "unit_label": Text(longest=12),
}
_PRICE_DATA: dict[str, Param] = {
    "currency": Currency(required=True),
    "product_data": Hash(_PRODUCT_DATA, required=True),
    "recurring": RECURRING,
    "tax_behavior": Choice(("exclusive", "inclusive", "unspecified")),
    "unit_amount": Integer(required=True, least=0),
}
_LINE_ITEM: dict[str, Param] = {
    "metadata": Metadata(),
    "price": Text(),
    "price_data": Hash(_PRICE_DATA),
    "quantity": Integer(required=True, least=1, most=999_999),
}
_INTENT_DATA: dict[str, Param] = {
    "application_fee_amount": Integer(least=1),
    "capture_method": Choice(("automatic", "automatic_async")),
    "description": Text(longest=1000),
    "metadata": Metadata(),
    "on_behalf_of": Text(),
    "receipt_email": Text(longest=800),
    "setup_future_usage": Choice(("off_session", "on_session")),
    "statement_descriptor": Text(longest=22),
    "statement_descriptor_suffix": Text(longest=22),
    "transfer_data": Hash({"amount": Integer(least=1), "destination": Text(required=True)}),
    "transfer_group": Text(),
}
_SUBSCRIPTION_DATA: dict[str, Param] = {
    "description": Text(longest=500),
    "metadata": Metadata(),
    "trial_end": Integer(least=0),
    "trial_period_days": Integer(least=1, most=730),
}
_SENTENCE = Hash({"message": Text(required=True, longest=1200)})
_CREATE: dict[str, Param] = {
    "adaptive_pricing": Hash({"enabled": Flag()}),
    "allow_promotion_codes": Flag(),
    "automatic_tax": Hash({"enabled": Flag(required=True)}),
    "billing_address_collection": Choice(("auto", "required")),
    "cancel_url": Url(),
    "client_reference_id": Text(longest=200),
    "custom_text": Hash({"after_submit": _SENTENCE, "submit": _SENTENCE}),
    "customer": Text(),
    "customer_creation": Choice(("always", "if_required")),
    "customer_email": Text(longest=800),
    "customer_update": Hash({"address": Choice(("auto", "never")), "name": Choice(("auto", "never"))}),
    "expires_at": Integer(least=0),
    "line_items": ListOf(Hash(_LINE_ITEM), required=True),
    "locale": Choice(_LOCALES),
    "metadata": Metadata(),
    "mode": Choice(("payment", "subscription"), required=True),
    "payment_intent_data": Hash(_INTENT_DATA),
    "payment_method_collection": Choice(("always", "if_required")),
    "payment_method_types": ListOf(Choice(("card", *DELAYED_METHODS.values()))),
    "submit_type": Choice(("auto", "book", "donate", "pay", "subscribe")),
    "subscription_data": Hash(_SUBSCRIPTION_DATA),
    "success_url": Url(required=True),
    "ui_mode": Choice(("hosted_page",)),
}
_FILTERS: dict[str, Param] = {
    "customer": Text(),
    "payment_intent": Text(),
    "status": Choice(("complete", "expired", "open")),
    "subscription": Text(),
}


@routes.post("/checkout/sessions", _CREATE)
def create_session(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/checkout/sessions/create"""
    return checkout.open_session(transaction, values)


@routes.get("/checkout/sessions/<id>")
def retrieve_session(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/checkout/sessions/retrieve"""
    return _session(transaction, id)


@routes.get("/checkout/sessions", {**PAGING, **CREATED, **_FILTERS})
def list_sessions(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/checkout/sessions/list"""
    return page(transaction, "checkout.session", "/v1/checkout/sessions", values, filters=_FILTERS)


@routes.post("/checkout/sessions/<id>/expire")
def expire_session(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/checkout/sessions/expire"""
    return checkout.expire(transaction, _session(transaction, id))


@routes.get("/checkout/sessions/<id>/line_items", PAGING)
def list_line_items(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/checkout/sessions/line_items"""
    items = checkout.line_items(transaction, _session(transaction, id))
    return cut(items, f"/v1/checkout/sessions/{id}/line_items", values, "item")


def _session(transaction: Transaction, id: str) -> Body:
    session = transaction.find("checkout.session", id)
    if session is None:
        raise no_such("checkout.session", id, param="session")
    return session
