"""https://docs.stripe.com/api/accounts/object, https://docs.stripe.com/api/account_links/object,
https://docs.stripe.com/api/accounts/login_link/object and https://docs.stripe.com/api/external_account_bank_accounts/object
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox.countries import HOME, SUPPORTED
from storefront.sandbox.ids import new_id
from storefront.sandbox.store import Body

_PROFILE = (
    "mcc", "name", "product_description", "support_address", "support_email", "support_phone", "support_url", "url",
)  # fmt: skip


def account_body(values: dict[str, Any], *, now: int) -> Body:
    """A new connected account from checked parameters; `accounts.judge` says what it may do."""
    country = values.get("country", HOME)
    return {
        "id": new_id("acct", 16),
        "object": "account",
        "business_profile": dict.fromkeys(_PROFILE) | values.get("business_profile", {}),
        "business_type": values.get("business_type"),
        "capabilities": {},
        "charges_enabled": False,
        "controller": controller(values.get("controller", {})),
        "country": country,
        "created": now,
        "default_currency": values.get("default_currency", SUPPORTED[country]),
        "details_submitted": False,
        "email": values.get("email"),
        "external_accounts": external_accounts([], ""),
        "future_requirements": requirements(),
        "metadata": values.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": requirements(),
        "settings": _settings(values),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None}
        | {"service_agreement": values.get("tos_acceptance", {}).get("service_agreement", "full")},
        "type": _type(values.get("controller", {})),
    }


def controller(wanted: dict[str, Any]) -> Body:
    """Who pays fees and losses, and what dashboard: https://docs.stripe.com/connect/migrate-to-controller-properties"""
    return {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": wanted.get("fees", {}).get("payer", "account")},
        "losses": {"payments": wanted.get("losses", {}).get("payments", "stripe")},
        "requirement_collection": wanted.get("requirement_collection", "stripe"),
        "stripe_dashboard": {"type": wanted.get("stripe_dashboard", {}).get("type", "full")},
    }


def requirements(
    due: list[str] | None = None,
    *,
    past_due: list[str] | None = None,
    pending: list[str] | None = None,
    errors: list[Body] | None = None,
    disabled_reason: str | None = None,
    deadline: int | None = None,
) -> Body:
    """https://docs.stripe.com/connect/handling-api-verification"""
    return {
        "alternatives": [],
        "current_deadline": deadline,
        "currently_due": due or [],
        "disabled_reason": disabled_reason,
        "errors": errors or [],
        "eventually_due": due or [],
        "past_due": past_due or [],
        "pending_verification": pending or [],
    }


def external_accounts(data: list[Body], account: str) -> Body:
    """The bank accounts that payouts go to."""
    url = f"/v1/accounts/{account}/external_accounts"
    return {"object": "list", "data": data, "has_more": False, "url": url}


def bank_body(account: Body, number: str, *, errored: bool = False) -> Body:
    """A bank account; the number is a test number: https://docs.stripe.com/connect/testing#account-numbers"""
    return {
        "id": new_id("ba"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": account["country"],
        "currency": account["default_currency"],
        "default_for_currency": True,
        "fingerprint": new_id("b", 16)[2:],
        "future_requirements": None,
        "last4": number[-4:],
        "metadata": {},
        "requirements": None,
        "routing_number": "110000000",
        "status": "errored" if errored else "new",
    }


def link_body(url: str, *, now: int, expires_at: int) -> Body:
    """A link to the onboarding pages, good once and for minutes."""
    return {"object": "account_link", "created": now, "expires_at": expires_at, "url": url}


def login_link_body(url: str, *, now: int) -> Body:
    """A link to the Express dashboard, good once."""
    return {"object": "login_link", "created": now, "url": url}


def _type(wanted: dict[str, Any]) -> str:
    """The old word for a controller: https://docs.stripe.com/connect/migrate-to-controller-properties"""
    dashboard = wanted.get("stripe_dashboard", {}).get("type", "full")
    return {"express": "express", "full": "standard", "none": "custom"}[dashboard]


def _settings(values: dict[str, Any]) -> Body:
    schedule = values.get("settings", {}).get("payouts", {}).get("schedule", {})
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": values.get("business_profile", {}).get("name"), "timezone": "Etc/UTC"},
        "payments": {
            "statement_descriptor": None,
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": schedule.get("interval", "daily")},
            "statement_descriptor": None,
        },
    }
