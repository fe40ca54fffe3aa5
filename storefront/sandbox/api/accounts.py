"""https://docs.stripe.com/api/accounts, https://docs.stripe.com/api/account_links"""

from __future__ import annotations

from storefront.sandbox import accounts, onboarding
from storefront.sandbox.api.lists import page
from storefront.sandbox.api.routing import CREATED, PAGING, Routes, Values
from storefront.sandbox.params import Choice, Currency, Flag, Hash, Metadata, Param, Text, Url
from storefront.sandbox.store import Body, Transaction

routes = Routes()

_REQUESTED = Hash({"requested": Flag()})
_CHANGE: dict[str, Param] = {
    "business_profile": Hash(
        {
            "mcc": Text(longest=4),
            "name": Text(),
            "product_description": Text(longest=40000),
            "support_email": Text(),
            "support_url": Url(),
            "url": Url(),
        }
    ),
    "business_type": Choice(("company", "government_entity", "individual", "non_profit")),
    "capabilities": Hash({"card_payments": _REQUESTED, "transfers": _REQUESTED}),
    "default_currency": Currency(),
    "email": Text(),
    "metadata": Metadata(changes=True),
    "settings": Hash(
        {"payouts": Hash({"schedule": Hash({"interval": Choice(("daily", "manual", "monthly", "weekly"))})})}
    ),
}
_CONTROLLER: dict[str, Param] = {
    "fees": Hash({"payer": Choice(("account", "application"))}),
    "losses": Hash({"payments": Choice(("application", "stripe"))}),
    "requirement_collection": Choice(("application", "stripe")),
    "stripe_dashboard": Hash({"type": Choice(("express", "full", "none"))}),
}
_CREATE: dict[str, Param] = _CHANGE | {
    "controller": Hash(_CONTROLLER),
    "country": Text(longest=2),
    "metadata": Metadata(),
    "tos_acceptance": Hash({"service_agreement": Choice(("full", "recipient"))}),
}
_LINK: dict[str, Param] = {
    "account": Text(required=True),
    "collection_options": Hash(
        {"fields": Choice(("currently_due", "eventually_due")), "future_requirements": Choice(("include", "omit"))}
    ),
    "refresh_url": Url(required=True),
    "return_url": Url(required=True),
    "type": Choice(("account_onboarding", "account_update")),
}


@routes.post("/accounts", _CREATE)
def create_account(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/accounts/create"""
    return accounts.create(transaction, values)


@routes.get("/accounts/<id>")
def retrieve_account(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/accounts/retrieve"""
    return accounts.existing(transaction, id)


@routes.post("/accounts/<id>", _CHANGE)
def update_account(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/accounts/update"""
    return accounts.update(transaction, accounts.existing(transaction, id), values)


@routes.get("/accounts", {**PAGING, **CREATED})
def list_accounts(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/accounts/list"""

    def is_connected(account: Body) -> bool:
        return not transaction.hidden(account["id"]).get("gone")

    return page(transaction, "account", "/v1/accounts", values, is_connected)


@routes.delete("/accounts/<id>")
def delete_account(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/accounts/delete"""
    return accounts.delete(transaction, accounts.existing(transaction, id))


@routes.post("/accounts/<id>/reject", {"reason": Choice(("fraud", "other", "terms_of_service"))})
def reject_account(transaction: Transaction, values: Values, id: str) -> Body:
    """https://docs.stripe.com/api/account/reject"""
    return accounts.reject(transaction, accounts.existing(transaction, id), values.get("reason", "other"))


@routes.post("/account_links", _LINK)
def create_account_link(transaction: Transaction, values: Values) -> Body:
    """https://docs.stripe.com/api/account_links/create"""
    return onboarding.link(transaction, accounts.existing(transaction, values["account"]), values)


@routes.post("/accounts/<id>/login_links")
def create_login_link(transaction: Transaction, values: Values, id: str) -> Body:  # noqa: ARG001
    """https://docs.stripe.com/api/accounts/login_link/create"""
    return onboarding.login_link(transaction, accounts.existing(transaction, id))
