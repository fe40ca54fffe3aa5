"""https://docs.stripe.com/api/payment_methods/object, and the same facts as a charge repeats them."""

from __future__ import annotations

from storefront.sandbox.cards import Card
from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

#: https://docs.stripe.com/testing: the country of most test cards
_COUNTRY = "US"
_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
_BANKS: dict[str, Body] = {
    "us_bank_account": {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "fingerprint": "sandboxbank00001",
        "last4": "6789",
        "routing_number": "110000000",
    },
    "sepa_debit": {
        "bank_code": "37040044",
        "branch_code": None,
        "country": "DE",
        "fingerprint": "sandboxbank00002",
        "last4": "3000",
    },
}


def billing_details(email: str | None, name: str | None) -> Body:
    """Who pays, as typed on the page."""
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {"address": address, "email": email, "name": name, "phone": None, "tax_id": None}


def card_method(card: Card, billing: Body, *, now: int) -> Body:
    """A payment method made from a typed card."""
    facts = {
        "brand": card.brand,
        "checks": _CHECKS,
        "country": _COUNTRY,
        "display_brand": card.brand,
        "exp_month": card.month,
        "exp_year": card.year,
        "fingerprint": card.fingerprint,
        "funding": card.bank.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _method("card", facts, billing, now=now)


def bank_method(type: str, billing: Body, *, now: int) -> Body:
    """A payment method that completes later: `us_bank_account` or `sepa_debit`."""
    extra: Body = {"generated_from": {"charge": None, "setup_attempt": None}} if type == "sepa_debit" else {}
    if type == "us_bank_account":
        extra = {"financial_connections_account": None, "networks": None, "status_details": None}
    return _method(type, _BANKS[type] | extra, billing, now=now)


def details_on_charge(method: Body, *, amount: int, authenticated: bool) -> Body:
    """A charge's `payment_method_details`; `authenticated` says whether 3-D Secure was passed."""
    type = method["type"]
    if type != "card":
        extra: Body = {"mandate": None} if type == "sepa_debit" else {"payment_reference": None}
        return {"type": type, type: _BANKS[type] | extra}
    copied = (
        "brand",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    card = {name: method["card"][name] for name in copied} | {
        "amount_authorized": amount,
        "authorization_code": None,
        "checks": _CHECKS,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": method["card"]["brand"],
        "network_token": {"used": False},
        "network_transaction_id": new_id("n", 15)[2:],
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "three_d_secure": _authenticated() if authenticated else None,
        "wallet": None,
    }
    return {"type": "card", "card": card}


def _method(type: str, facts: Body, billing: Body, *, now: int) -> Body:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing,
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": type,
        type: facts,
    }


def _authenticated() -> Body:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": new_id("n", 24)[2:],
        "version": "2.2.0",
    }
