"""Links that lead holders of accounts to Stripe's pages, and what they tell there.

Source: https://docs.stripe.com/connect/hosted-onboarding, https://docs.stripe.com/api/account_links,
https://docs.stripe.com/connect/integrate-express-dashboard, https://docs.stripe.com/connect/testing
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts
from storefront.sandbox.errors import StripeError
from storefront.sandbox.ids import new_id
from storefront.sandbox.shapes.accounts import bank_body, link_body, login_link_body
from storefront.sandbox.store import Body, Transaction

#: A link is good once, for this many seconds of the sandbox's clock.
_LINK_LIVES = 5 * 60
#: Test numbers, and how a payout to each ends: https://docs.stripe.com/connect/testing#account-numbers
BANKS = {
    "000123456789": "Takes every payout",
    "000111111116": "Can't be found: payouts fail",
    "000111111113": "Was closed: payouts fail",
}
BANK_FAILS = {"000111111116": "no_account", "000111111113": "account_closed"}
#: What onboarding asks, in this order; each is a fact of the account.
STEPS = ("person", "bank", "agreed_at")


def link(transaction: Transaction, account: Body, values: dict[str, Any]) -> Body:
    """A link to the onboarding of an account. Raises `StripeError` for one that Stripe's pages don't serve."""
    if (
        values.get("type", "account_onboarding") == "account_update"
        and account["controller"]["requirement_collection"] == "stripe"
    ):
        raise StripeError(
            "You cannot create `account_update` type Account Links for this account. Valid Account Link types are: "
            "[`account_onboarding`].",
            param="type",
        )
    token = new_id("link")
    expires_at = transaction.now + _LINK_LIVES
    transaction.add(
        {
            "id": token,
            "object": "sandbox.link",
            "account": account["id"],
            "refresh_url": values["refresh_url"],
            "return_url": values["return_url"],
            "expires_at": expires_at,
        }
    )
    url = f"{transaction.origin.base_url}/connect/links/{token}"
    return link_body(url, now=transaction.now, expires_at=expires_at)


def follow(transaction: Transaction, token: str) -> tuple[Body, str | None]:
    """Use a link up. Gives it and the id of the visit that it opened; None if it was used before or is too old.

    Raises `LookupError` if there never was such a link.
    """
    found = transaction.get("sandbox.link", token)
    is_fresh = found["expires_at"] >= transaction.now and not found.get("used")
    if not is_fresh or transaction.hidden(found["account"]).get("gone"):
        return found, None
    transaction.save(found | {"used": True})
    visit = found | {"id": new_id("visit"), "object": "sandbox.visit"}
    transaction.add(visit)
    return found, str(visit["id"])


def tell_person(transaction: Transaction, account: str, *, first: str, last: str, year: int) -> None:
    """The holder says who they are; only the year of birth decides anything here."""
    accounts.learn(transaction, account, person={"first": first, "last": last, "year": year})


def tell_bank(transaction: Transaction, account: str, number: str) -> None:
    """The holder says where payouts go. Raises `ValueError` for a number that is no test number."""
    if number not in BANKS:
        raise ValueError("Choose one of the test numbers: this is a sandbox.")
    body = bank_body(transaction.get("account", account), number)
    accounts.learn(transaction, account, bank=number, banks=[body], bank_failed=False)


def submit(transaction: Transaction, account: str) -> None:
    """The holder agrees to Stripe's terms and is done."""
    accounts.learn(transaction, account, agreed_at=transaction.now, submitted=True)


def answer(transaction: Transaction, account: str, *, looks: bool = False) -> None:
    """The holder gives all that Stripe wants besides: documents, numbers. Stripe may still look at it (`looks`)."""
    pending = [accounts.DOCUMENT] if looks else []
    accounts.learn(transaction, account, document=True, demands={}, pending=pending)


def next_step(transaction: Transaction, account: str) -> str:
    """The first thing that isn't told yet: one of `STEPS`, "answers", or "done"."""
    facts = transaction.hidden(account)["facts"]
    for step in STEPS:
        if not facts.get(step) or (step == "bank" and facts.get("bank_failed")):
            return step
    return "answers" if transaction.get("account", account)["requirements"]["currently_due"] else "done"


def login_link(transaction: Transaction, account: Body) -> Body:
    """A link to the Express dashboard. Raises `StripeError` for other accounts, and before onboarding is done."""
    if account["controller"]["stripe_dashboard"]["type"] != "express":
        raise StripeError("Cannot create a login link for an account without access to the Express Dashboard.")
    if not account["details_submitted"]:
        raise StripeError("Cannot create a login link for an account that has not completed onboarding.")
    token = new_id("login")
    transaction.add({"id": token, "object": "sandbox.login", "account": account["id"]})
    return login_link_body(f"{transaction.origin.base_url}/express/links/{token}", now=transaction.now)
