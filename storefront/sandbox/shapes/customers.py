"""https://docs.stripe.com/api/customers/object"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body


def customer_body(values: dict[str, Any], *, now: int) -> Body:
    """A new customer from checked parameters."""
    return {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": values.get("address"),
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": values.get("description"),
        "discount": None,
        "email": values.get("email"),
        "invoice_prefix": new_id("x", 8)[2:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": values.get("metadata", {}),
        "name": values.get("name"),
        "next_invoice_sequence": 1,
        "phone": values.get("phone"),
        "preferred_locales": values.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": values.get("tax_exempt", "none"),
        "test_clock": None,
    }
