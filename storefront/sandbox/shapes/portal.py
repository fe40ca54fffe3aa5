"""https://docs.stripe.com/api/customer_portal/sessions/object and https://docs.stripe.com/api/customer_balance_transactions"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body


def portal_body(values: dict[str, Any], *, now: int, base_url: str) -> Body:
    """A visit to the portal; its address is good for a while and for nobody else."""
    id = new_id("bps")
    return {
        "id": id,
        "object": "billing_portal.session",
        "configuration": "bpc_sandbox",
        "created": now,
        "customer": values["customer"],
        "customer_account": None,
        "flow": _flow(values["flow_data"]) if "flow_data" in values else None,
        "livemode": False,
        "locale": values.get("locale"),
        "on_behalf_of": None,
        "return_url": values.get("return_url"),
        "url": f"{base_url}/p/session/{id}",
    }


def _flow(data: dict[str, Any]) -> Body:
    cancel = data.get("subscription_cancel")
    after = data.get("after_completion", {"type": "portal_homepage"})
    return {
        "after_completion": {
            "hosted_confirmation": None,
            "redirect": after.get("redirect"),
            "type": after["type"],
        },
        "subscription_cancel": cancel and {"retention": None, "subscription": cancel["subscription"]},
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": data["type"],
    }


def balance_change(
    customer: Body, amount: int, *, type: str, now: int, description: str | None = None, invoice: str | None = None
) -> Body:
    """A change of what a customer owes (positive) or has coming (negative), in minor units."""
    return {
        "id": new_id("cbtxn"),
        "object": "customer_balance_transaction",
        "amount": amount,
        "checkout_session": None,
        "created": now,
        "credit_note": None,
        "currency": customer["currency"],
        "customer": customer["id"],
        "customer_account": None,
        "description": description,
        "ending_balance": customer["balance"] + amount,
        "invoice": invoice,
        "livemode": False,
        "metadata": {},
        "type": type,
    }
