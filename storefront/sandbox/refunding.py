"""Refunds: money goes back to who paid; Stripe keeps its fee.

Source: https://docs.stripe.com/refunds, https://docs.stripe.com/api/refunds/create; slow and failing ones are
those of https://docs.stripe.com/testing#refunds
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, agenda, booking, disputing, fees, moves, news, transferring
from storefront.sandbox.cards import CARDS
from storefront.sandbox.currencies import money_text
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.shapes.refunds import refund_body
from storefront.sandbox.store import Body, Transaction

SETTLE = "refund.settle"
#: What the control room's dial can say of every refund to come; nothing leaves it to the card.
HABITS = ("at once", "pending", "fail", "fail after")
#: How long a slow refund takes, in seconds of the sandbox's clock.
_SLOWLY = 60 * 60


def refund(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Refund a charge, or an intent's charge, wholly or by `amount`. Raises `StripeError`."""
    charge = _charge_to_refund(transaction, values)
    amount = _amount(charge, values)
    _check_connect(charge, values)
    made = transaction.add(refund_body(charge, amount, values, now=transaction.now))
    habit = _habit(transaction, charge)
    transaction.hide(made["id"], habit=habit)
    if habit in ("at once", "fail after"):
        _pay_back(transaction, made)
        made["status"] = "succeeded"
    else:
        made["pending_reason"] = "processing"
    if habit != "at once":
        agenda.schedule(transaction, SETTLE, made["id"], due_at=transaction.now + _SLOWLY)
    transaction.save(made)
    _note_on_charge(transaction, charge, amount)
    _take_along(transaction, charge, made, values)
    news.record(transaction, "refund.created", made)
    news.record(
        transaction, "charge.refunded", charge, previous={"amount_refunded": charge["amount_refunded"] - amount}
    )
    return made


def update(transaction: Transaction, made: Body, values: dict[str, Any]) -> Body:
    """Change metadata: https://docs.stripe.com/api/refunds/update"""
    before = {"metadata": made["metadata"]}
    made["metadata"] = accounts.merged(made["metadata"], values.get("metadata", {}))
    _tell(transaction, "refund.updated", transaction.save(made), before)
    return made


@agenda.verb(SETTLE)
def settle(transaction: Transaction, refund_id: str) -> None:
    """Let a slow refund arrive, or one that is to fail do so."""
    finish(transaction, refund_id, fails=transaction.hidden(refund_id)["habit"] in ("fail", "fail after"))


def finish(transaction: Transaction, refund_id: str, *, fails: bool) -> None:
    """End a refund that hasn't ended: it arrives, or fails and the money stays, or returns to the platform."""
    made = transaction.get("refund", refund_id)
    if made["status"] not in ("pending", "succeeded"):
        return
    if fails:
        _fail(transaction, made, transaction.get("charge", made["charge"]))
    elif made["status"] == "pending":
        del made["pending_reason"]
        _pay_back(transaction, made)
        _tell(transaction, "refund.updated", transaction.save(made | {"status": "succeeded"}), {"status": "pending"})


def _tell(transaction: Transaction, type: str, made: Body, before: Body) -> None:
    """A refund of a charge is told of twice: https://docs.stripe.com/api/events/types#event_types-refund.updated"""
    news.record(transaction, type, made, previous=before)
    news.record(transaction, "charge.refund.updated", made, previous=before)


def _fail(transaction: Transaction, made: Body, charge: Body) -> None:
    """The bank sends the money back to the platform: https://docs.stripe.com/refunds#failed-refunds"""
    before = made["status"]
    if before == "succeeded":
        made["failure_balance_transaction"] = booking.book(
            transaction, made, type="refund_failure", amount=made["amount"], against=moves.CUSTOMERS
        )
    made.pop("pending_reason", None)
    made |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    transaction.save(made)
    _note_on_charge(transaction, charge, -made["amount"])
    _tell(transaction, "refund.failed", made, {"status": before})


def _pay_back(transaction: Transaction, made: Body) -> None:
    type = "refund" if made["destination_details"]["type"] == "card" else "payment_refund"
    made["balance_transaction"] = booking.book(
        transaction, made, type=type, amount=-made["amount"], against=moves.CUSTOMERS
    )


def _take_along(transaction: Transaction, charge: Body, made: Body, values: dict[str, Any]) -> None:
    """Bring back the transfer's and the fee's part: https://docs.stripe.com/connect/destination-charges#issue-refunds

    Both are proportional to what of the charge is refunded. The fee's part goes to the account first, so that it has
    what the reversal takes.
    """
    if values.get("refund_application_fee"):
        fee = transaction.get("application_fee", charge["application_fee"])
        part = _part(charge, fee["amount"], fee["amount_refunded"])
        if part:
            fees.refund(transaction, fee, {"amount": part})
    if values.get("reverse_transfer"):
        transfer = transaction.get("transfer", charge["transfer"])
        part = _part(charge, transfer["amount"], transfer["amount_reversed"])
        if part:
            reversal = transferring.reverse(transaction, transfer, {"amount": part}, refund=made["id"])
            transaction.save(made | {"transfer_reversal": reversal["id"]})
            made["transfer_reversal"] = reversal["id"]


def _part(charge: Body, whole: int, gone: int) -> int:
    """Of `whole`, what should be gone after this refund and isn't yet; all of it once all is refunded."""
    return max(int(whole * charge["amount_refunded"] // charge["amount"]) - gone, 0)


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
    if disputing.stops_refunds(transaction, charge):
        raise StripeError(f"Charge {id} has been charged back; cannot issue a refund.", code="charge_disputed")
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


def _habit(transaction: Transaction, charge: Body) -> str:
    """How a refund goes: "at once", "pending", "fail" while pending, or "fail after" it succeeded.

    The control room's dial says so for every card, else the card does.
    """
    dial: str = transaction.dial("refunds", "")
    number = transaction.hidden(charge["payment_method"]).get("number")
    of_card = {"succeeded": "pending", "failed": "fail after"}.get((CARDS[number].refund if number else None) or "")
    return dial or of_card or "at once"
