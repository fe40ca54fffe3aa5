"""Payouts: what is available on a balance goes to its holder's bank, each day by itself or when asked.

Source: https://docs.stripe.com/connect/payouts-connected-accounts, https://docs.stripe.com/api/payouts; banks that
fail are those of https://docs.stripe.com/connect/testing#account-numbers
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, agenda, booking, moves, news
from storefront.sandbox.errors import StripeError
from storefront.sandbox.onboarding import BANK_FAILS
from storefront.sandbox.shapes.payouts import payout_body
from storefront.sandbox.store import Body, Transaction

DAILY, ARRIVE = "payouts.daily", "payouts.arrive"
_DAY = 24 * 60 * 60
_MESSAGES = {
    "no_account": "The bank account details on file are probably incorrect. No bank account could be located with "
    "those details.",
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
}


def plan(transaction: Transaction) -> None:
    """Have the balance of `transaction.account` paid out at the next midnight (UTC), unless that is planned."""
    account = transaction.account
    planned = transaction.sql("SELECT 1 FROM agenda WHERE verb = ? AND object = ?", DAILY, account).fetchone()
    if account and not planned:
        midnight = transaction.now // _DAY * _DAY + _DAY
        agenda.schedule(transaction, DAILY, account, due_at=midnight)


@agenda.verb(DAILY)
def pay_out_daily(transaction: Transaction, account_id: str) -> None:
    """Pay out what is available, and look again tomorrow while something is pending."""
    account = transaction.get("account", account_id)
    with transaction.on(account_id):
        sums = booking.sums(transaction)
        pays = account["payouts_enabled"] and account["settings"]["payouts"]["schedule"]["interval"] == "daily"
        for currency, amount in sums.get("available", {}).items():
            if pays and amount > 0:
                _send(transaction, {"amount": amount, "currency": currency}, automatic=True)
        if any(amount for amounts in booking.sums(transaction).values() for amount in amounts.values()):
            plan(transaction)


def create(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Pay out when asked. Raises `StripeError` if it isn't there, or the account may not."""
    if transaction.account and not transaction.get("account", transaction.account)["payouts_enabled"]:
        raise StripeError("Payouts are not enabled for this account.", code="payouts_not_allowed")
    if values["amount"] > booking.available(transaction, values["currency"]):
        raise StripeError(
            "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.",
            code="balance_insufficient",
            param="amount",
        )
    return _send(transaction, values, automatic=False)


@agenda.verb(ARRIVE)
def arrive(transaction: Transaction, payout_id: str) -> None:
    """A payout is at the bank, or comes back from one that fails."""
    payout = transaction.get("payout", payout_id)
    if payout["status"] == "in_transit":
        code = BANK_FAILS.get(_facts(transaction).get("bank", ""))
        if code:
            fail(transaction, payout, code)
        else:
            transaction.save(payout | {"status": "paid"})
            news.record(transaction, "payout.paid", payout | {"status": "paid"}, previous={"status": "in_transit"})


def fail(transaction: Transaction, payout: Body, code: str = "could_not_process") -> None:
    """The bank sends a payout back: https://docs.stripe.com/payouts#payout-failures; no more go to that bank.

    Raises `ValueError` for one that failed before.
    """
    if payout["status"] == "failed":
        raise ValueError("That payout has failed.")
    before = payout["status"]
    payout |= {
        "failure_balance_transaction": booking.book(
            transaction,
            payout,
            type="payout_failure",
            amount=payout["amount"],
            against=moves.bank(transaction.account),
        ),
        "failure_code": code,
        "failure_message": _MESSAGES[code],
        "status": "failed",
    }
    transaction.save(payout)
    news.record(transaction, "payout.failed", payout, previous={"status": before})
    if transaction.account:
        banks = [each | {"status": "errored"} for each in _facts(transaction).get("banks", [])]
        accounts.learn(transaction, transaction.account, bank_failed=True, banks=banks)


def _send(transaction: Transaction, values: dict[str, Any], *, automatic: bool) -> Body:
    banks = _facts(transaction).get("banks", [])
    arrives = transaction.now + _DAY
    payout = transaction.add(
        payout_body(
            values, banks[0]["id"] if banks else None, automatic=automatic, now=transaction.now, arrives=arrives
        )
    )
    payout["balance_transaction"] = booking.book(
        transaction, payout, type="payout", amount=-payout["amount"], against=moves.bank(transaction.account)
    )
    transaction.save(payout)
    agenda.schedule(transaction, ARRIVE, payout["id"], due_at=arrives)
    news.record(transaction, "payout.created", payout)
    return payout


def _facts(transaction: Transaction) -> Body:
    facts: Body = transaction.hidden(transaction.account).get("facts", {})
    return facts
