"""What the control room can do to connected accounts, their transfers and their payouts.

Every function is one transaction. Wrong input raises `ValueError`, an unknown id `LookupError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storefront.sandbox import accounts, booking, moves, onboarding, payouts, transferring
from storefront.sandbox.errors import StripeError
from storefront.sandbox.store import Body, Store, Transaction

#: How many of each the page lists.
SHOWN = 20
REJECTIONS = ("fraud", "terms_of_service", "other")


def listed(store: Store) -> list[Body]:
    """The accounts, newest first, each with what it has (minor units by currency) and its latest payouts."""
    with store.reading() as transaction:
        return [_listed(transaction, account) for account in transaction.all("account", limit=SHOWN)]


def onboard(store: Store, id: str, *, year: int = 1901, bank: str = "000123456789") -> Body:
    """Fill in everything that onboarding asks, as the holder would."""
    with store.writing() as transaction:
        _account(transaction, id)
        onboarding.tell_person(transaction, id, first="Test", last="Holder", year=year)
        onboarding.tell_bank(transaction, id, bank)
        onboarding.submit(transaction, id)
        return transaction.get("account", id)


def demand(store: Store, id: str, requirement: str, *, soon: bool = False) -> Body:
    """Have Stripe want something more, at once or by a deadline."""
    if requirement not in accounts.DEMANDS:
        raise ValueError(f"Choose one of {', '.join(accounts.DEMANDS)}.")
    with store.writing() as transaction:
        _account(transaction, id)
        demands = transaction.hidden(id)["facts"].get("demands", {})
        accounts.learn(transaction, id, demands=demands | {requirement: "soon" if soon else "now"})
        return transaction.get("account", id)


def review(store: Store, id: str) -> Body:
    """Have Stripe look at the account: nothing is wanted, and nothing goes on until it has looked."""
    with store.writing() as transaction:
        _account(transaction, id)
        accounts.learn(transaction, id, pending=[accounts.DOCUMENT])
        return transaction.get("account", id)


def satisfy(store: Store, id: str) -> Body:
    """Everything that was wanted is there, and Stripe has looked at it."""
    with store.writing() as transaction:
        _account(transaction, id)
        onboarding.answer(transaction, id)
        return transaction.get("account", id)


def reject(store: Store, id: str, reason: str) -> Body:
    """Stripe doesn't want the holder."""
    if reason not in REJECTIONS:
        raise ValueError(f"Choose one of {', '.join(REJECTIONS)}.")
    with store.writing() as transaction:
        return accounts.reject(transaction, _account(transaction, id), reason)


def disconnect(store: Store, id: str) -> None:
    """The holder takes the platform's access away."""
    with store.writing() as transaction:
        _account(transaction, id)
        accounts.deauthorize(transaction, id)


def pay_out(store: Store, id: str = "") -> list[Body]:
    """Send all that is available on an account, or the platform's if no id is given, to its bank."""
    with store.writing() as transaction, _refusals():
        if id:
            _account(transaction, id)
        with transaction.on(id):
            ready = booking.sums(transaction).get("available", {})
            wanted = [{"amount": amount, "currency": currency} for currency, amount in ready.items() if amount > 0]
            if not wanted:
                raise ValueError("Nothing is available there.")
            return [payouts.create(transaction, values) for values in wanted]


def end_payout(store: Store, id: str, *, fails: bool) -> Body:
    """Let a payout arrive, or have the bank send it back, also after it had arrived."""
    with store.writing() as transaction:
        payout = transaction.get("payout", id)
        with transaction.on(transaction.owner(id)):
            if fails:
                payouts.fail(transaction, payout)
            else:
                payouts.arrive(transaction, id)
        return transaction.get("payout", id)


def reverse(store: Store, transfer_id: str, *, amount: int | None = None) -> Body:
    """Bring a transfer back, wholly or by minor units."""
    if amount is not None and amount < 1:
        raise ValueError("Reverse at least one minor unit.")
    with store.writing() as transaction, _refusals():
        transfer = transaction.get("transfer", transfer_id)
        return transferring.reverse(transaction, transfer, {} if amount is None else {"amount": amount})


def settle_balances(store: Store) -> int:
    """Make everything that is pending available now; how many balance transactions that were."""
    with store.writing() as transaction:
        due = transaction.sql("SELECT object FROM agenda WHERE verb = ?", booking.AVAILABLE).fetchall()
        transaction.sql("DELETE FROM agenda WHERE verb = ?", booking.AVAILABLE)
        for (id,) in due:
            booking.make_available(transaction, id)
        return len(due)


def _listed(transaction: Transaction, account: Body) -> Body:
    id = account["id"]
    with transaction.on(id):
        latest = transaction.all("payout", limit=3)
    return {
        "account": account,
        "gone": bool(transaction.hidden(id).get("gone")),
        "has": moves.balances(transaction).get(id, {}),
        "payouts": latest,
        "transfers": transaction.all("transfer", destination=id, limit=3),
    }


def _account(transaction: Transaction, id: str) -> Body:
    account = transaction.get("account", id)
    if transaction.hidden(id).get("gone"):
        raise ValueError("That account is disconnected.")
    return account


@contextmanager
def _refusals() -> Iterator[None]:
    """What Stripe would refuse is a sentence here."""
    try:
        yield
    except StripeError as refusal:
        raise ValueError(refusal.message) from refusal
