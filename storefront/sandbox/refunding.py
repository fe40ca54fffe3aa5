"""Refunds: money goes back to who paid; Stripe keeps its fee.

Source: https://docs.stripe.com/refunds, https://docs.stripe.com/api/refunds/create; slow and failing ones are
those of https://docs.stripe.com/testing#refunds
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import agenda, moves, news
from storefront.sandbox.cards import CARDS
from storefront.sandbox.currencies import money_text
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.paying import book
from storefront.sandbox.shapes.refunds import refund_body
from storefront.sandbox.store import Body, Transaction

SETTLE = "refund.settle"
#: How long a slow refund takes, in seconds of the sandbox's clock.
_SLOWLY = 60 * 60


def refund(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Refund a charge, or an intent's charge, wholly or by `amount`. Raises `StripeError`."""
    charge = _charge_to_refund(transaction, values)
    amount = _amount(charge, values)
    _check_connect(charge, values)
    made = transaction.add(refund_body(charge, amount, values, now=transaction.now))
    slowly = _refund_habit(transaction, charge)
    if slowly != "succeeded":
        _pay_back(transaction, made)
        made["status"] = "succeeded"
    if slowly:
        agenda.schedule(transaction, SETTLE, made["id"], due_at=transaction.now + _SLOWLY)
    transaction.save(made)
    _note_on_charge(transaction, charge, amount)
    news.record(transaction, "refund.created", made)
    news.record(
        transaction,
        "charge.refunded",
        charge,
        previous={"amount_refunded": charge["amount_refunded"] - amount},
    )
    return made


@agenda.verb(SETTLE)
def settle(transaction: Transaction, refund_id: str) -> None:
    """Let a slow refund arrive, or the failing kind fail."""
    made = transaction.get("refund", refund_id)
    charge = transaction.get("charge", made["charge"])
    if _refund_habit(transaction, charge) == "failed":
        _fail(transaction, made, charge)
    elif made["status"] == "pending":
        _pay_back(transaction, made)
        transaction.save(made | {"status": "succeeded"})
        news.record(
            transaction,
            "refund.updated",
            transaction.get("refund", refund_id),
            previous={"status": "pending"},
        )


def _fail(transaction: Transaction, made: Body, charge: Body) -> None:
    """The bank sends the money back to the platform: https://docs.stripe.com/refunds#failed-refunds"""
    moves.move(
        transaction,
        made["id"],
        source=moves.CUSTOMERS,
        destination=moves.PLATFORM,
        amount=made["amount"],
        currency=made["currency"],
    )
    returned = book(transaction, made, type="refund_failure", amount=made["amount"], fee=0)
    made |= {
        "status": "failed",
        "failure_balance_transaction": returned,
        "failure_reason": "expired_or_canceled_card",
    }
    transaction.save(made)
    _note_on_charge(transaction, charge, -made["amount"])
    news.record(transaction, "refund.failed", made, previous={"status": "succeeded"})


def _pay_back(transaction: Transaction, made: Body) -> None:
    moves.move(
        transaction,
        made["id"],
        source=moves.PLATFORM,
        destination=moves.CUSTOMERS,
        amount=made["amount"],
        currency=made["currency"],
    )
    type = "refund" if made["destination_details"]["type"] == "card" else "payment_refund"
    made["balance_transaction"] = book(transaction, made, type=type, amount=-made["amount"], fee=0)


def _note_on_charge(transaction: Transaction, charge: Body, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    transaction.save(charge)


def _charge_to_refund(transaction: Transaction, values: dict[str, Any]) -> Body:
    if ("charge" in values) == ("payment_intent" in values):
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    id = values.get("charge") or _latest_charge(transaction, values["payment_intent"])
    charge = transaction.find("charge", id)
    if charge is None:
        raise no_such("charge", id, param="charge")
    if charge["status"] != "succeeded":
        raise StripeError(f"Charge {id} has not succeeded, so it cannot be refunded.", param="charge")
    if charge["refunded"]:
        raise StripeError(f"Charge {id} has already been refunded.", code="charge_already_refunded")
    return charge


def _latest_charge(transaction: Transaction, intent_id: str) -> str:
    intent = transaction.find("payment_intent", intent_id)
    if intent is None:
        raise no_such("payment_intent", intent_id, param="payment_intent")
    if intent["status"] != "succeeded":
        raise StripeError(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
            param="payment_intent",
        )
    return str(intent["latest_charge"])


def _amount(charge: Body, values: dict[str, Any]) -> int:
    remaining: int = charge["amount"] - charge["amount_refunded"]
    amount: int = values.get("amount", remaining)
    if amount > remaining:
        raise StripeError(
            f"Refund amount ({money_text(amount, charge['currency'])}) is greater than unrefunded amount on "
            f"charge ({money_text(remaining, charge['currency'])})",
            param="amount",
        )
    return amount


def _check_connect(charge: Body, values: dict[str, Any]) -> None:
    """Only a destination charge has a transfer to reverse: https://docs.stripe.com/connect/destination-charges"""
    if values.get("reverse_transfer") and not charge["transfer_data"]:
        raise StripeError(
            "Cannot reverse transfer on charge that does not have an associated transfer.",
            param="reverse_transfer",
        )
    if values.get("refund_application_fee") and not charge["application_fee_amount"]:
        raise StripeError(
            "Cannot refund application fee on charge that does not have one.", param="refund_application_fee"
        )


def _refund_habit(transaction: Transaction, charge: Body) -> str | None:
    number = transaction.hidden(charge["payment_method"]).get("number")
    return CARDS[number].refund if number else None
