"""What a bank does with a charge: the money arrives, or it doesn't and says why.

Source: https://docs.stripe.com/payments/paymentintents/lifecycle, https://docs.stripe.com/declines
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storefront.sandbox import booking, fees, moves, news
from storefront.sandbox.cards import CARDS, DECLINED, MESSAGES, TestCard, error_code
from storefront.sandbox.shapes.balance import SETTLES_AFTER, stripe_fee
from storefront.sandbox.shapes.charges import APPROVED, charge_body, declined_outcome
from storefront.sandbox.shapes.methods import details_on_charge
from storefront.sandbox.store import Body, Transaction


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How an attempt ended. `message` says why when it was declined, `code` is the bank's word for it."""

    state: Literal["paid", "pending", "authenticate", "declined"]
    message: str = ""
    code: str = ""


def new_charge(transaction: Transaction, intent: Body, method: Body, *, authenticated: bool) -> Body:
    """A charge of the whole intent, which the bank has not answered yet."""
    details = details_on_charge(method, amount=intent["amount"], authenticated=authenticated)
    base_url = transaction.origin.base_url
    return transaction.add(charge_body(intent, method, details, now=transaction.now, base_url=base_url))


def _bank_of(transaction: Transaction, charge: Body) -> TestCard | None:
    """How the bank treats the card that was charged; None if it was no card, or a number that isn't kept."""
    return CARDS.get(transaction.hidden(charge["payment_method"]).get("number", ""))


def succeed(transaction: Transaction, intent: Body, charge: Body) -> None:
    """Take the money: charge and intent succeed, the platform gets the amount and pays Stripe's fee."""
    amount, bank = charge["amount"], _bank_of(transaction, charge)
    entry = booking.book(
        transaction,
        charge,
        type="charge" if charge["payment_method_details"]["type"] == "card" else "payment",
        amount=amount,
        against=moves.CUSTOMERS,
        fee=stripe_fee(amount),
        settles_after=0 if bank and bank.settles_at_once else SETTLES_AFTER,
    )
    charge |= {
        "amount_captured": amount,
        "balance_transaction": entry,
        "captured": True,
        "outcome": APPROVED,
        "paid": True,
        "status": "succeeded",
    }
    intent |= {
        "amount_received": amount,
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "status": "succeeded",
    }
    transaction.save(charge)
    transaction.save(intent)
    fees.pass_on(transaction, charge)
    news.record(transaction, "charge.succeeded", charge)
    news.record(transaction, "payment_intent.succeeded", intent)


def charge_off_session(transaction: Transaction, intent: Body, method: Body) -> Outcome:
    """Charge a card whose holder is away: https://docs.stripe.com/billing/subscriptions/overview#payment-status

    A card that always asks is declined, and so is one that pays only while its holder is there.
    """
    bank = CARDS.get(transaction.hidden(method["id"]).get("number", ""))
    charge = new_charge(transaction, intent, method, authenticated=False)
    reason = bank.off_session if bank else "test_mode_live_card"
    reason = reason or transaction.hidden(method["id"]).get("declines")
    if reason:
        return decline(transaction, intent, charge, reason)
    intent["payment_method"] = method["id"]
    succeed(transaction, intent, charge)
    return Outcome(state="paid")


def decline(transaction: Transaction, intent: Body, charge: Body, reason: str) -> Outcome:
    """The bank refuses; `reason` is its decline code: https://docs.stripe.com/declines/codes"""
    code = error_code(reason)
    message = MESSAGES.get(reason, DECLINED)
    charge |= {"outcome": declined_outcome(reason), "failure_code": code, "failure_message": message}
    error = {
        "charge": charge["id"],
        "code": code,
        "decline_code": reason,
        "doc_url": f"https://docs.stripe.com/error-codes#{code.replace('_', '-')}",
        "message": message,
        "payment_method": transaction.get("payment_method", charge["payment_method"]),
        "type": "card_error",
    }
    return fail(transaction, intent, error, charge)


def fail(transaction: Transaction, intent: Body, error: Body, charge: Body | None = None) -> Outcome:
    """Leave the intent waiting for another payment method, with the reason on it."""
    if charge is not None:
        charge |= {"status": "failed", "failure_message": error["message"]}
        transaction.save(charge)
        intent["latest_charge"] = charge["id"]
        news.record(transaction, "charge.failed", charge)
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    transaction.save(intent)
    news.record(transaction, "payment_intent.payment_failed", intent)
    return Outcome(state="declined", message=error["message"], code=error["code"])
