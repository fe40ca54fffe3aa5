"""Transfers to connected accounts, and reversals that bring the money back.

Source: https://docs.stripe.com/api/transfers, https://docs.stripe.com/api/transfer_reversals,
https://docs.stripe.com/connect/separate-charges-and-transfers
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, booking, news, payouts
from storefront.sandbox.countries import REACHED
from storefront.sandbox.currencies import money_text
from storefront.sandbox.errors import StripeError, no_such
from storefront.sandbox.shapes import transfers as shapes
from storefront.sandbox.store import Body, Transaction


def send(transaction: Transaction, values: dict[str, Any]) -> Body:
    """Send the platform's available money, or a charge's, to an account. Raises `StripeError`."""
    account = accounts.destination(transaction, values["destination"], param="destination")
    _check_region(account)
    charge = _source(transaction, values)
    if charge is None and booking.available(transaction, values["currency"]) < values["amount"]:
        raise insufficient()
    transfer = shapes.transfer_body(values, now=transaction.now)
    if charge is not None:
        transfer["transfer_group"] = transfer["transfer_group"] or charge["transfer_group"] or f"group_{charge['id']}"
    return deliver(transaction, transfer, settles_after=_settles_after(transaction, charge))


def deliver(
    transaction: Transaction, transfer: Body, *, settles_after: int, fee: int = 0, fee_is: str = "stripe_fee"
) -> Body:
    """Keep a transfer, and both sides' entries; of what arrives, `fee` minor units are the platform's."""
    id, amount, account = transfer["id"], transfer["amount"], transfer["destination"]
    transaction.add(transfer)
    transfer["balance_transaction"] = booking.book(
        transaction, transfer, type="transfer", amount=-amount, against=account, settles_after=settles_after
    )
    with transaction.on(account):
        payment = transaction.add(shapes.payment_body(transfer, now=transaction.now))
        payment["balance_transaction"] = booking.book(
            transaction,
            payment,
            type="payment",
            amount=amount,
            against=None,
            fee=fee,
            fee_is=fee_is,
            settles_after=settles_after,
        )
        transaction.save(payment)
        news.record(transaction, "charge.succeeded", payment)
        payouts.plan(transaction)
    transaction.save(transfer | {"destination_payment": payment["id"]})
    transfer = transaction.get("transfer", id)
    news.record(transaction, "transfer.created", transfer)
    return transfer


def reverse(transaction: Transaction, transfer: Body, values: dict[str, Any], *, refund: str | None = None) -> Body:
    """Bring a transfer back, wholly or by `amount`. Raises `StripeError`.

    The account must have it: https://docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers
    `refund` is the refund of a charge that asked for it.
    """
    remaining = transfer["amount"] - transfer["amount_reversed"]
    amount = values.get("amount", remaining)
    _check_reversal(transaction, transfer, amount, remaining)
    reversal = transaction.add(shapes.reversal_body(transfer, amount, values, now=transaction.now))
    reversal["balance_transaction"] = booking.book(
        transaction, reversal, type="transfer_refund", amount=amount, against=transfer["destination"]
    )
    with transaction.on(transfer["destination"]):
        returned = _refund_payment(transaction, transfer["destination_payment"], amount, reversal["id"])
    reversal |= {"destination_payment_refund": returned, "source_refund": refund}
    transaction.save(reversal)
    before = transfer["amount_reversed"]
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"] = shapes.reversals(
        transaction.all("transfer_reversal", transfer=transfer["id"]), transfer["id"]
    )
    transaction.save(transfer)
    news.record(transaction, "transfer.reversed", transfer, previous={"amount_reversed": before})
    return reversal


def update(transaction: Transaction, transfer: Body, values: dict[str, Any]) -> Body:
    """Change metadata or description."""
    before = {name: transfer[name] for name in values}
    if "metadata" in values:
        values["metadata"] = accounts.merged(transfer["metadata"], values["metadata"])
    transaction.save(transfer | values)
    news.record(transaction, "transfer.updated", transfer | values, previous=before)
    return transfer | values


def insufficient() -> StripeError:
    """https://docs.stripe.com/error-codes#balance-insufficient"""
    return StripeError(
        "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
        "balance by creating Charges using the 4000000000000077 test card. See: "
        "https://docs.stripe.com/testing#available-balance",
        code="balance_insufficient",
    )


def _check_region(account: Body) -> None:
    """https://docs.stripe.com/connect/account-capabilities#supported-capabilities: full agreements stay in a region."""
    if account["country"] not in REACHED and account["tos_acceptance"]["service_agreement"] == "full":
        raise StripeError(
            f"Funds can't be sent to accounts located in {account['country']} when the account is under the `full` "
            "service agreement.",
            param="destination",
        )


def _source(transaction: Transaction, values: dict[str, Any]) -> Body | None:
    """The charge whose money is sent, however long it is pending. Raises `StripeError`."""
    if "source_transaction" not in values:
        return None
    charge = transaction.find("charge", values["source_transaction"])
    if charge is None:
        raise no_such("charge", values["source_transaction"], param="source_transaction", status=400)
    if charge["status"] != "succeeded" or charge["currency"] != values["currency"]:
        raise StripeError(
            "The source_transaction must be a succeeded charge in the currency of the transfer.",
            param="source_transaction",
        )
    sent = sum(each["amount"] for each in transaction.all("transfer", source_transaction=charge["id"]))
    left = charge["amount"] - sent
    if values["amount"] > left:
        raise StripeError(
            f"The transfer's source_transaction has {money_text(left, charge['currency'])} left to transfer.",
            code="transfer_source_balance_parameters_mismatch" if left == charge["amount"] else None,
            param="amount",
        )
    return charge


def _settles_after(transaction: Transaction, charge: Body | None) -> int:
    """Seconds until what a charge brought can be used; nothing for what is available."""
    if charge is None:
        return 0
    available_on: int = transaction.get("balance_transaction", charge["balance_transaction"])["available_on"]
    return max(available_on - transaction.now, 0)


def _check_reversal(transaction: Transaction, transfer: Body, amount: int, remaining: int) -> None:
    if remaining == 0:
        raise StripeError(f"Transfer {transfer['id']} is already fully reversed.", param="id")
    if amount > remaining:
        raise StripeError(
            f"Reversal amount ({money_text(amount, transfer['currency'])}) is greater than unreversed amount on "
            f"transfer ({money_text(remaining, transfer['currency'])})",
            param="amount",
        )
    with transaction.on(transfer["destination"]):
        if booking.held(transaction, transfer["currency"]) < amount:
            raise StripeError(
                "The connected account has insufficient funds to cover this transfer reversal.",
                code="balance_insufficient",
            )


def _refund_payment(transaction: Transaction, payment_id: str, amount: int, reversal: str) -> str:
    """The reversal as the account sees it: the payment that it got is refunded."""
    payment = transaction.get("charge", payment_id)
    returned = transaction.add(shapes.payment_refund_body(payment, amount, now=transaction.now))
    returned["balance_transaction"] = booking.book(
        transaction, returned, type="payment_refund", amount=-amount, against=None
    )
    returned["source_transfer_reversal"] = reversal
    transaction.save(returned)
    payment["amount_refunded"] += amount
    payment["refunded"] = payment["amount_refunded"] == payment["amount"]
    transaction.save(payment)
    news.record(transaction, "charge.refunded", payment)
    return str(returned["id"])
