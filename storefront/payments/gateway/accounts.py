"""Connected accounts at Stripe: made, looked up, read, and the links that lead their holders to Stripe.

Source: https://docs.stripe.com/connect/express-accounts, https://docs.stripe.com/api/accounts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storefront.payments.gateway import PaymentRefused, call

#: The platform pays Stripe's fees, answers for losses, and gives holders the Express dashboard.
#: https://docs.stripe.com/connect/migrate-to-controller-properties
CONTROLLER = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "stripe_dashboard": {"type": "express"},
}
CAPABILITIES = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
GONE = "account_invalid"
#: From an account's id to an address that is good once.
MakeLink = Callable[[str], str]


class AccountGone(Exception):
    """Stripe lets this shop no longer use the account: its holder disconnected it, or it was closed."""


@dataclass(frozen=True)
class Account:
    """How a connected account stands. ``wanted`` are Stripe's names of what it still wants, ``reasons`` its sentences
    about some of them, ``checking`` what it is looking at, ``deadline`` when it stops what it lets the account do now.
    """

    id: str
    country: str
    charges_enabled: bool
    payouts_enabled: bool
    takes_transfers: bool
    details_submitted: bool
    disabled_reason: str
    wanted: tuple[str, ...]
    reasons: Mapping[str, str]
    checking: tuple[str, ...]
    deadline: datetime | None
    reference: str

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Account:
        """From Stripe's JSON."""
        wants: Mapping[str, Any] = body.get("requirements") or {}
        deadline = wants.get("current_deadline")
        return cls(
            id=body["id"],
            country=body.get("country") or "",
            charges_enabled=bool(body.get("charges_enabled")),
            payouts_enabled=bool(body.get("payouts_enabled")),
            takes_transfers=(body.get("capabilities") or {}).get("transfers") == "active",
            details_submitted=bool(body.get("details_submitted")),
            disabled_reason=wants.get("disabled_reason") or "",
            wanted=tuple(wants.get("currently_due") or ()),
            reasons={each["requirement"]: each["reason"] for each in wants.get("errors") or ()},
            checking=tuple(wants.get("pending_verification") or ()),
            deadline=datetime.fromtimestamp(deadline, UTC) if deadline else None,
            reference=(body.get("metadata") or {}).get("connect_account", ""),
        )


def create_account(*, country: str, email: str, reference: str, workspace_id: int, key: str) -> Account:
    """An account that is still to be filled in by its holder; ``reference`` is our own id of it.

    Asking again with the same key is the same account. Source: https://docs.stripe.com/api/accounts/create
    """
    params: Any = {
        "controller": CONTROLLER,
        "capabilities": CAPABILITIES,
        "country": country,
        "email": email,
        "metadata": {"connect_account": reference, "workspace": str(workspace_id)},
    }
    return Account.from_dict(call(lambda client, options: client.v1.accounts.create(params, options), key).to_dict())


def find_account(reference: str, *, since: datetime) -> Account | None:
    """The account that was made with ``reference``, at ``since`` or later; None if there is none.

    Stripe has no search for accounts, so the list is read: https://docs.stripe.com/api/accounts/list
    """
    params: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}

    def search(client: Any, _options: Any) -> Account | None:
        listed = (Account.from_dict(each.to_dict()) for each in client.v1.accounts.list(params).auto_paging_iter())
        return next((account for account in listed if account.reference == reference), None)

    return call(search)


def retrieve_account(account_id: str) -> Account:
    """An account as it is now. Raises AccountGone."""
    try:
        return Account.from_dict(call(lambda client, _options: client.v1.accounts.retrieve(account_id)).to_dict())
    except PaymentRefused as refusal:
        raise _gone_or(refusal) from refusal


def onboarding_link(account_id: str, *, return_url: str, refresh_url: str) -> str:
    """An address at Stripe where the holder fills in what is wanted: good once, for minutes. Raises AccountGone.

    Stripe leads to ``refresh_url`` who comes by a used link. Source: https://docs.stripe.com/api/account_links/create
    """
    params: Any = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
    }
    try:
        link: str = call(lambda client, options: client.v1.account_links.create(params, options)).url
    except PaymentRefused as refusal:
        raise _gone_or(refusal) from refusal
    return link


def dashboard_link(account_id: str) -> str:
    """An address at Stripe where the holder sees their balance and payouts: good once. Raises AccountGone.

    Source: https://docs.stripe.com/api/accounts/login_link/create
    """
    try:
        link: str = call(lambda client, _options: client.v1.accounts.login_links.create(account_id)).url
    except PaymentRefused as refusal:
        raise _gone_or(refusal) from refusal
    return link


def _gone_or(refusal: PaymentRefused) -> Exception:
    return AccountGone() if refusal.code == GONE else refusal
