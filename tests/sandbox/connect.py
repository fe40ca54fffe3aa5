"""What a platform asks of Connect."""

from __future__ import annotations

from typing import Any

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import deed
from tests.sandbox.orders import order

#: What the platform wants of an account: https://docs.stripe.com/connect/express-accounts
EXPRESS = {
    "controller": {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    },
    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    "country": "US",
    "email": "alice@example.com",
    "metadata": {"workspace": "7"},
}
#: Its money can be sent on at once: https://docs.stripe.com/testing#available-balance
AT_ONCE = "4000000000000077"


def connected(client: Client, sandbox: RunningSandbox, **more: Any) -> str:
    """The id of an account that can take money."""
    account = client.v1.accounts.create(EXPRESS | more)
    deed(sandbox, f"accounts/{account.id}/onboard").raise_for_status()
    return str(account.id)


def fund(client: Client, sandbox: RunningSandbox, amount: int = 10000) -> None:
    """Let the platform have money that it can send on at once, less Stripe's fee."""
    sandbox.pay(client.v1.checkout.sessions.create(order(amount)).id, AT_ONCE)


def of(account: str) -> dict[str, Any]:
    """The SDK's option to ask for a connected account."""
    return {"stripe_account": account}


def balance(client: Client, account: str = "") -> tuple[int, int]:
    """What is available and what is pending, in cents."""
    found = client.v1.balance.retrieve({}, of(account) if account else {})
    return sum(each.amount for each in found.available), sum(each.amount for each in found.pending)
