"""Connected accounts: made by the platform, filled in by their holders, judged by what is known of them.

Source: https://docs.stripe.com/api/accounts, https://docs.stripe.com/connect/handling-api-verification,
https://docs.stripe.com/connect/account-capabilities, https://docs.stripe.com/connect/testing

What somebody told Stripe about themselves is kept hidden as *facts*; `judge` derives from them what the account
may do and what is still wanted, and tells the platform when that changed.
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import booking, news
from storefront.sandbox.countries import SUPPORTED
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.shapes import accounts as shapes
from storefront.sandbox.shapes.endpoints import APPLICATION
from storefront.sandbox.store import Body, Transaction

#: What onboarding asks for, by the fact that answers it.
_ASKED = {
    "person": [
        "individual.dob.day",
        "individual.dob.month",
        "individual.dob.year",
        "individual.first_name",
        "individual.last_name",
    ],
    "bank": ["external_account"],
    "agreed_at": ["tos_acceptance.date", "tos_acceptance.ip"],
}
#: A birthday in this year matches nobody: https://docs.stripe.com/connect/testing#test-dobs
_UNKNOWN_YEAR = 1902
DOCUMENT = "individual.verification.document"
#: What the control room can have Stripe want besides, and the reason that Stripe gives.
DEMANDS = {
    DOCUMENT: ("verification_failed_keyed_identity", "A photo of your ID is needed to confirm who you are."),
    "individual.verification.additional_document": (
        "verification_document_expired",
        "The proof of address has expired. Send a newer one.",
    ),
    "business_profile.url": ("invalid_url_website_inaccessible", "The website could not be reached."),
    "individual.id_number": ("verification_failed_other", "The tax number could not be confirmed."),
}
_DEADLINE = 14 * 24 * 60 * 60
_CAPABILITIES = ("card_payments", "transfers")


def create(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Make an account from checked parameters. Raises `StripeError`."""
    country = values.get("country", "US")
    if country not in SUPPORTED:
        sentence = f"{country} is not currently supported by Stripe."
        raise StripeError(sentence, code="country_unsupported", param="country")
    agreement = values.get("tos_acceptance", {}).get("service_agreement", "full")
    wanted = requested(values)
    if agreement == "recipient" and "card_payments" in wanted:
        raise StripeError(
            "The recipient ToS agreement is not compatible with the card_payments capability.",
            param="tos_acceptance[service_agreement]",
        )
    account = transaction.add(shapes.account_body(values, now=transaction.now), requested=sorted(wanted), facts={})
    return _judged(transaction, account)


def requested(values: dict[str, Any]) -> set[str]:
    """The capabilities that parameters ask for."""
    return {name for name, asked in values.get("capabilities", {}).items() if asked.get("requested")}


def update(transaction: Transaction, account: Body, values: dict[str, Any]) -> Body:
    """Change what a platform may change: profile, e-mail, metadata, requested capabilities, schedule."""
    hidden = transaction.hidden(account["id"])
    transaction.hide(account["id"], requested=sorted(set(hidden["requested"]) | requested(values)))
    account["business_profile"] |= values.get("business_profile", {})
    account["metadata"] = merged(account["metadata"], values.get("metadata", {}))
    account |= {name: values[name] for name in ("business_type", "email", "default_currency") if name in values}
    schedule = values.get("settings", {}).get("payouts", {}).get("schedule", {})
    account["settings"]["payouts"]["schedule"] |= schedule
    transaction.save(account)
    judge(transaction, account["id"])
    return transaction.get("account", account["id"])


def merged(before: Body, given: dict[str, str] | None) -> Body:
    """Metadata with pairs added; an empty value takes a pair away, None all: https://docs.stripe.com/api/metadata"""
    if given is None:
        return {}
    return {key: value for key, value in {**before, **given}.items() if value != ""}


def existing(transaction: Transaction, id: str) -> Body:
    """The account if the platform may use it. Raises `StripeError`, 403, if not."""
    account = transaction.anyones("account", id)
    if account is None or transaction.hidden(id).get("gone"):
        raise StripeError(
            f"The provided key 'sk_test_***' does not have access to account '{id}' (or that account does not "
            "exist). Application access may have been revoked.",
            status=403,
            code="account_invalid",
        )
    return account


def destination(transaction: Transaction, id: str, *, param: str) -> Body:
    """The account that money is to go to. Raises `StripeError` if there is none or it can't take transfers.

    Source: https://docs.stripe.com/connect/account-capabilities#transfers
    """
    account = transaction.anyones("account", id)
    if account is None or transaction.hidden(id).get("gone"):
        raise no_such("destination", id, param=param, status=400)
    if account["capabilities"].get("transfers") != "active":
        raise StripeError(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
            param=param,
        )
    return account


def learn(transaction: Transaction, id: str, **facts: Any) -> None:
    """Know more about the holder of an account, and judge it anew."""
    transaction.hide(id, facts=transaction.hidden(id)["facts"] | facts)
    judge(transaction, id)


def judge(transaction: Transaction, id: str) -> None:
    """Derive from the facts what an account may do, and tell the platform if it changed."""
    before = transaction.get("account", id)
    after = _judged(transaction, transaction.get("account", id))
    changed = {name: value for name, value in before.items() if after[name] != value}
    if changed:
        with transaction.on(id):
            news.record(transaction, "account.updated", after, previous=changed)


def deauthorize(transaction: Transaction, id: str) -> None:
    """The holder disconnects the platform: https://docs.stripe.com/connect/platforms-faq, and its key is refused."""
    existing(transaction, id)
    transaction.hide(id, gone=True)
    application = {"id": APPLICATION, "object": "application", "name": "Sandbox"}
    with transaction.on(id):
        news.record(transaction, "account.application.deauthorized", application)


def delete(transaction: Transaction, account: Body) -> Body:
    """https://docs.stripe.com/api/accounts/delete: only with nothing left on it."""
    with transaction.on(account["id"]):
        left = [amount for sums in booking.sums(transaction).values() for amount in sums.values() if amount]
    if left:
        raise StripeError("This account can't be deleted because it has a balance.", code="account_invalid")
    transaction.hide(account["id"], gone=True)
    return {"id": account["id"], "object": "account", "deleted": True}


def reject(transaction: Transaction, account: Body, reason: str) -> Body:
    """https://docs.stripe.com/api/account/reject: "fraud", "terms_of_service" or "other"."""
    learn(transaction, account["id"], rejected=reason)
    return transaction.get("account", account["id"])


def _judged(transaction: Transaction, account: Body) -> Body:
    hidden = transaction.hidden(account["id"])
    facts = hidden["facts"]
    wanted = _wanted(facts)
    soon = [name for name, how in facts.get("demands", {}).items() if how == "soon"]
    past_due = [name for name in wanted if name not in soon]
    pending = facts.get("pending", [])
    stops = [name for name in past_due if not (name == "external_account" and facts.get("bank_failed"))]
    may_charge = bool(facts.get("submitted")) and not (stops or pending or facts.get("rejected"))
    deadline = transaction.now + _DEADLINE if soon and not account["requirements"]["current_deadline"] else None
    account |= {
        "capabilities": {name: _capability(may_charge, pending) for name in hidden["requested"]},
        "charges_enabled": may_charge and "card_payments" in hidden["requested"],
        "details_submitted": bool(facts.get("submitted")),
        "external_accounts": shapes.external_accounts(facts.get("banks", []), account["id"]),
        "payouts_enabled": may_charge and not facts.get("bank_failed"),
        "requirements": shapes.requirements(
            wanted,
            past_due=past_due,
            pending=pending,
            errors=_errors(wanted, facts),
            disabled_reason=_disabled(facts, past_due, pending),
            deadline=deadline or (account["requirements"]["current_deadline"] if soon else None),
        ),
    }
    account["tos_acceptance"]["date"] = facts.get("agreed_at")
    return transaction.save(account)


def _wanted(facts: Body) -> list[str]:
    """What is still to be told, by Stripe's names."""
    wanted = [name for fact, names in _ASKED.items() if not facts.get(fact) for name in names]
    if facts.get("bank_failed"):
        wanted += _ASKED["bank"]
    person = facts.get("person") or {}
    if person.get("year") == _UNKNOWN_YEAR and not facts.get("document"):
        wanted.append(DOCUMENT)
    return sorted({*wanted, *facts.get("demands", {})})


def _capability(may_charge: bool, pending: list[str]) -> str:
    return "active" if may_charge else "pending" if pending else "inactive"


def _errors(wanted: list[str], facts: Body) -> list[Body]:
    found = []
    for name in wanted:
        if name in DEMANDS:
            code, reason = DEMANDS[name]
            found.append({"code": code, "reason": reason, "requirement": name})
    if facts.get("bank_failed"):
        reason = "The bank account could not be found. Give another one."
        found.append({"code": "verification_failed_other", "reason": reason, "requirement": "external_account"})
    return found


def _disabled(facts: Body, past_due: list[str], pending: list[str]) -> str | None:
    if facts.get("rejected"):
        return f"rejected.{facts['rejected']}"
    if past_due:
        return "requirements.past_due"
    return "requirements.pending_verification" if pending else None
