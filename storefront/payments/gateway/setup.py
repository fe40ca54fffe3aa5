"""What a Stripe account needs before a shop can use it: products, prices and webhook endpoints.

Source: https://docs.stripe.com/products-prices/manage-prices, https://docs.stripe.com/api/webhook_endpoints
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from storefront.payments.gateway import STRIPE_VERSION, PaymentRefused, call

MOST = 100  # endpoints of an account; Stripe allows sixteen


@dataclass(frozen=True)
class StripePrice:
    """A price that is on sale, in minor units of ``currency``; ``interval`` is None if it is paid once."""

    id: str
    lookup_key: str
    product: str
    amount: int
    currency: str
    interval: str | None


@dataclass(frozen=True)
class Endpoint:
    """Where Stripe sends events. ``is_connect``: those of connected accounts. ``secret`` is told only once."""

    id: str
    url: str
    is_connect: bool
    events: frozenset[str]
    secret: str | None = None


def prices_by_key(lookup_keys: Collection[str]) -> dict[str, StripePrice]:
    """The active prices under our own keys."""
    params: Any = {"lookup_keys": list(lookup_keys), "active": True, "limit": MOST}
    listed = call(lambda client, _options: client.v1.prices.list(params)).to_dict()["data"]
    return {
        each["lookup_key"]: StripePrice(
            id=each["id"],
            lookup_key=each["lookup_key"],
            product=each["product"],
            amount=each["unit_amount"],
            currency=each["currency"].upper(),
            interval=(each["recurring"] or {}).get("interval"),
        )
        for each in listed
    }


def known_products(product_ids: Collection[str]) -> set[str]:
    """Those of ``product_ids`` that are there."""
    params: Any = {"ids": list(product_ids), "limit": MOST}
    return {each.id for each in call(lambda client, _options: client.v1.products.list(params)).data}


def make_product(product_id: str, name: str, *, key: str) -> None:
    """A product under an id of our own, so that two who set up at once make one."""
    params: Any = {"id": product_id, "name": name}
    try:
        call(lambda client, options: client.v1.products.create(params, options), key)
    except PaymentRefused as refusal:
        if refusal.code != "resource_already_exists":
            raise


def make_price(product_id: str, lookup_key: str, *, amount: int, currency: str, interval: str, key: str) -> None:
    """A price that takes ``lookup_key`` from whichever had it: what a price costs can't be changed."""
    params: Any = {
        "product": product_id,
        "lookup_key": lookup_key,
        "transfer_lookup_key": True,
        "unit_amount": amount,
        "currency": currency.lower(),
        "recurring": {"interval": interval},
    }
    call(lambda client, options: client.v1.prices.create(params, options), key)


def retire_price(price_id: str, *, key: str) -> None:
    """Nobody new gets it; who pays it goes on."""
    params: Any = {"active": False}
    call(lambda client, options: client.v1.prices.update(price_id, params, options), key)


def endpoints() -> list[Endpoint]:
    """Every webhook endpoint of the account."""
    params: Any = {"limit": MOST}
    listed = call(lambda client, _options: client.v1.webhook_endpoints.list(params)).to_dict()["data"]
    return [_endpoint(each) for each in listed]


def make_endpoint(url: str, events: Collection[str], *, is_connect: bool, description: str, key: str) -> Endpoint:
    """An endpoint whose events have the shape that this shop reads. Its ``secret`` is told only now."""
    params: Any = {
        "url": url,
        "enabled_events": sorted(events),
        "connect": is_connect,
        "description": description,
        "api_version": STRIPE_VERSION,
    }
    return _endpoint(call(lambda client, options: client.v1.webhook_endpoints.create(params, options), key).to_dict())


def change_endpoint(endpoint_id: str, events: Collection[str], *, key: str) -> None:
    """Have other events sent there."""
    params: Any = {"enabled_events": sorted(events)}
    call(lambda client, options: client.v1.webhook_endpoints.update(endpoint_id, params, options), key)


def _endpoint(body: dict[str, Any]) -> Endpoint:
    return Endpoint(
        id=body["id"],
        url=body["url"],
        is_connect=body["application"] is not None,
        events=frozenset(body["enabled_events"]),
        secret=body.get("secret"),
    )
