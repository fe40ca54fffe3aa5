"""https://docs.stripe.com/api/products/object and https://docs.stripe.com/api/prices/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body


def product_body(id: str, data: dict[str, Any], *, now: int, active: bool = False) -> Body:
    """A product. One that was given inline is never active."""
    return {
        "id": id,
        "object": "product",
        "active": active,
        "created": now,
        "default_price": None,
        "description": data.get("description"),
        "images": data.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": data.get("metadata", {}),
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": data.get("tax_code"),
        "unit_label": data.get("unit_label"),
        "updated": now,
        "url": None,
    }


def price_body(price: dict[str, Any], *, product: str, now: int, active: bool = False) -> Body:
    """A price in minor units. One that was given inline is never active."""
    recurring = price.get("recurring")
    return {
        "id": new_id("price"),
        "object": "price",
        "active": active,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": price["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": price.get("lookup_key"),
        "metadata": price.get("metadata", {}),
        "nickname": price.get("nickname"),
        "product": product,
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": price.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def _recurring(values: dict[str, Any]) -> Body:
    return {
        "interval": values["interval"],
        "interval_count": values.get("interval_count", 1),
        "meter": None,
        "usage_type": "licensed",
    }
