"""Money inside the sandbox: every move leaves one account and enters another, so all accounts sum to zero."""

from __future__ import annotations

from storefront.sandbox.store import Transaction

#: Accounts, besides those of connected accounts and of banks.
CUSTOMERS = "customers"
PLATFORM = "platform"
STRIPE = "stripe"


def holder(account: str) -> str:
    """Where an account's money is: a connected account's under its id, the platform's under its name."""
    return account or PLATFORM


def bank(account: str) -> str:
    """The bank that an account's payouts go to."""
    return f"bank:{holder(account)}"


def move(transaction: Transaction, cause: str, *, source: str, destination: str, amount: int, currency: str) -> None:
    """Move `amount` minor units; a move of nothing is left out. `cause` is the id of the charge or refund."""
    if amount:
        transaction.sql(
            "INSERT INTO moves (cause, source, destination, amount, currency) VALUES (?, ?, ?, ?, ?)",
            cause, source, destination, amount, currency,
        )  # fmt: skip


def balances(transaction: Transaction) -> dict[str, dict[str, int]]:
    """Minor units by account and currency: `{"platform": {"usd": 2300}, ...}`."""
    rows = transaction.sql(
        "SELECT account, currency, SUM(amount) FROM ("
        " SELECT destination AS account, currency, amount FROM moves"
        " UNION ALL SELECT source, currency, -amount FROM moves"
        ") GROUP BY account, currency"
    )
    result: dict[str, dict[str, int]] = {}
    for account, currency, amount in rows:
        result.setdefault(account, {})[currency] = amount
    return result
