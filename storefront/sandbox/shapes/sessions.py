"""https://docs.stripe.com/api/checkout/sessions/object and https://docs.stripe.com/api/checkout/sessions/line_items"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.products import price_body
from storefront.sandbox.store import Body

#: Stripe's limits for `expires_at`: https://docs.stripe.com/api/checkout/sessions/create
SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 60 * 60
#: How a payment that completes later is made, by currency: https://docs.stripe.com/payments/payment-methods
DELAYED_METHODS = {"usd": "us_bank_account", "eur": "sepa_debit"}


def session_body(values: dict[str, Any], items: list[Body], *, now: int, base_url: str) -> Body:
    """A session that was just opened from the checked parameters `values`; totals come from `items`."""
    recurs = values["mode"] == "subscription"
    id = new_id("cs_test", 58)
    currency = items[0]["currency"]
    subtotal = sum(item["amount_subtotal"] for item in items)
    total = sum(item["amount_total"] for item in items)
    customer = values.get("customer")
    return {
        "id": id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": values.get("adaptive_pricing", {}).get("enabled", False)},
        "after_expiration": None,
        "allow_promotion_codes": values.get("allow_promotion_codes"),
        "amount_subtotal": subtotal,
        "amount_total": total,
        "automatic_tax": _automatic_tax(values),
        "billing_address_collection": values.get("billing_address_collection"),
        "cancel_url": values.get("cancel_url"),
        "client_reference_id": values.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": _custom_text(values),
        "customer": customer,
        "customer_account": None,
        "customer_creation": None
        if customer
        else values.get("customer_creation", "always" if recurs else "if_required"),
        "customer_details": None,
        "customer_email": values.get("customer_email"),
        "discounts": [],
        "expires_at": values.get("expires_at", now + LONGEST_LIFE),
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": values.get("locale"),
        "metadata": values.get("metadata", {}),
        "mode": values["mode"],
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": values.get("payment_method_collection", "always" if recurs else "if_required"),
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": values.get("payment_method_types")
        or (["card"] if recurs else _dynamic_methods(currency)),
        "payment_status": "unpaid" if total else "no_payment_required",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": values.get("submit_type"),
        "subscription": None,
        "success_url": values["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": total - subtotal},
        "ui_mode": "hosted_page",
        "url": f"{base_url}/c/pay/{id}",
        "wallet_options": None,
    }


def customer_details(email: str | None, name: str | None, country: str | None) -> Body:
    """What the customer typed on the page; `country` is two letters."""
    address = dict.fromkeys(("city", "line1", "line2", "postal_code", "state")) | {"country": country}
    return {
        "address": address if country else None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def item_body(values: dict[str, Any], *, now: int, is_free: bool = False) -> Body:
    """A line item with an inline price. Tax is nothing: the sandbox has no tax registrations."""
    data = values["price_data"]
    price = price_body(data, product=new_id("prod", 14), now=now)
    return priced_item(values, price, data["product_data"]["name"], is_free=is_free)


def priced_item(values: dict[str, Any], price: Body, name: str, *, is_free: bool = False) -> Body:
    """A line item of a price; what begins with a trial costs nothing today."""
    amount = 0 if is_free else price["unit_amount"] * values["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": name,
        "metadata": values.get("metadata", {}),
        "price": price,
        "quantity": values["quantity"],
    }


def _automatic_tax(values: dict[str, Any]) -> Body:
    """Without registrations Stripe computes no tax: https://docs.stripe.com/tax/zero-tax"""
    if not values.get("automatic_tax", {}).get("enabled"):
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    return {"enabled": True, "liability": {"type": "self"}, "provider": "stripe", "status": "complete"}


def _custom_text(values: dict[str, Any]) -> Body:
    places = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {place: values.get("custom_text", {}).get(place) for place in places}


def _dynamic_methods(currency: str) -> list[str]:
    return ["card", *filter(None, [DELAYED_METHODS.get(currency)])]
