"""What changes a balance: a balance transaction for whoever holds it, and the money's move, always together.

Source: https://docs.stripe.com/api/balance_transactions, https://docs.stripe.com/reports/balance-transaction-types
"""

from __future__ import annotations

from storefront.sandbox import agenda, moves
from storefront.sandbox.shapes.balance import balance_body, transaction_body
from storefront.sandbox.store import Body, Transaction

AVAILABLE = "balance.available"


def book(
    transaction: Transaction,
    source: Body,
    *,
    type: str,
    amount: int,
    against: str | None,
    fee: int = 0,
    fee_is: str = "stripe_fee",
    settles_after: int = 0,
) -> str:
    """Change the balance of `transaction.account` by `amount` less `fee` and give the balance transaction's id.

    The money comes from `against` or goes there; None says that the other side's entry moved it. Stripe's fees go
    to Stripe; an application fee is moved by the platform's own entry. It can be used after `settles_after` seconds.
    """
    here, currency = moves.holder(transaction.account), source["currency"]
    now = transaction.now
    entry = transaction_body(
        source, type=type, amount=amount, fee=fee, fee_is=fee_is, now=now, available_on=now + settles_after
    )
    transaction.add(entry)
    if against:
        _between(transaction, source["id"], here, against, amount, currency)
    if fee_is != "application_fee":
        _between(transaction, source["id"], here, moves.STRIPE, -fee, currency)
    if entry["status"] == "pending":
        agenda.schedule(transaction, AVAILABLE, entry["id"], due_at=entry["available_on"])
    return str(entry["id"])


@agenda.verb(AVAILABLE)
def make_available(transaction: Transaction, balance_transaction_id: str) -> None:
    """Money that was pending can be paid out now."""
    entry = transaction.get("balance_transaction", balance_transaction_id)
    transaction.save(entry | {"status": "available"})


def sums(transaction: Transaction) -> dict[str, dict[str, int]]:
    """Minor units of `transaction.account` by state and currency: `{"available": {"usd": 2300}, ...}`."""
    rows = transaction.sql(
        "SELECT json_extract(body, '$.status'), json_extract(body, '$.currency'), SUM(json_extract(body, '$.net'))"
        " FROM objects WHERE kind = 'balance_transaction' AND account = ? GROUP BY 1, 2",
        transaction.account,
    )
    result: dict[str, dict[str, int]] = {}
    for state, currency, amount in rows:
        result.setdefault(state, {})[currency] = amount
    return result


def available(transaction: Transaction, currency: str) -> int:
    """The minor units that `transaction.account` can send or pay out now."""
    return sums(transaction).get("available", {}).get(currency, 0)


def held(transaction: Transaction, currency: str) -> int:
    """All minor units of `transaction.account`, those still pending included."""
    return sum(amounts.get(currency, 0) for amounts in sums(transaction).values())


def balance(transaction: Transaction, default_currency: str = "usd") -> Body:
    """The balance of `transaction.account` as Stripe shows it."""
    return balance_body(sums(transaction), default_currency)


def _between(transaction: Transaction, cause: str, here: str, there: str, amount: int, currency: str) -> None:
    source, destination = (there, here) if amount > 0 else (here, there)
    moves.move(transaction, cause, source=source, destination=destination, amount=abs(amount), currency=currency)
