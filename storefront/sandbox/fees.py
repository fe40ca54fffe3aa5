"""Destination charges: the money goes on to an account at once, and the platform keeps its application fee.

Source: https://docs.stripe.com/connect/destination-charges, https://docs.stripe.com/api/application_fees,
https://docs.stripe.com/api/fee_refunds
"""

from __future__ import annotations

from typing import Any

from storefront.sandbox import accounts, booking, news, transferring
from storefront.sandbox.currencies import money_text
from storefront.sandbox.errors import StripeError
from storefront.sandbox.shapes import fees as shapes
from storefront.sandbox.shapes.balance import SETTLES_AFTER
from storefront.sandbox.shapes.transfers import transfer_body
from storefront.sandbox.store import Body, Transaction


def check_destination(transaction: Transaction, data: dict[str, Any], total: int) -> None:
    """Whether a session's `payment_intent_data` can be a destination charge of `total`. Raises `StripeError`."""
    fee, to = data.get("application_fee_amount"), data.get("transfer_data")
    param = "payment_intent_data[application_fee_amount]"
    if to is None and fee is not None:
        raise StripeError(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment "
            "(using an OAuth key or Stripe-Account header) or destination payment "
            "(using `transfer_data[destination]`).",
            param=param,
        )
    if to is None:
        return
    accounts.destination(transaction, to["destination"], param="payment_intent_data[transfer_data][destination]")
    if fee is not None and "amount" in to:
        raise StripeError("You may only specify one of application_fee_amount and transfer_data[amount].", param=param)
    if max(fee or 0, to.get("amount", 0)) > total:
        raise StripeError("The application fee cannot be greater than the total amount.", param=param)


def pass_on(transaction: Transaction, charge: Body) -> None:
    """Send a succeeded charge's money to its destination, and take the fee from what arrived."""
    to, fee = charge["transfer_data"], charge["application_fee_amount"] or 0
    if not to:
        return
    values = {
        "amount": to["amount"] or charge["amount"],
        "currency": charge["currency"],
        "destination": to["destination"],
        "source_transaction": charge["id"],
        "transfer_group": charge["transfer_group"] or f"group_{charge['payment_intent']}",
    }
    transfer = transferring.deliver(
        transaction,
        transfer_body(values, now=transaction.now),
        settles_after=SETTLES_AFTER,
        fee=fee,
        fee_is="application_fee",
    )
    charge |= {"transfer": transfer["id"], "transfer_group": values["transfer_group"]}
    if fee:
        charge["application_fee"] = _take(transaction, charge, transfer, fee)["id"]
    transaction.save(charge)


def refund(transaction: Transaction, fee: Body, values: dict[str, Any]) -> Body:
    """Give a fee back to the account, wholly or by `amount`. Raises `StripeError`."""
    remaining = fee["amount"] - fee["amount_refunded"]
    amount = values.get("amount", remaining)
    if amount > remaining or not remaining:
        raise StripeError(
            f"Refund amount ({money_text(amount, fee['currency'])}) is greater than unrefunded amount on fee "
            f"({money_text(remaining, fee['currency'])})",
            param="amount",
        )
    returned = transaction.add(shapes.fee_refund_body(fee, amount, values, now=transaction.now))
    returned["balance_transaction"] = booking.book(
        transaction, returned, type="application_fee_refund", amount=-amount, against=fee["account"]
    )
    transaction.save(returned)
    with transaction.on(fee["account"]):
        booking.book(transaction, returned, type="application_fee_refund", amount=amount, against=None)
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    fee["refunds"] = shapes.refunds(transaction.all("fee_refund", fee=fee["id"]), fee["id"])
    transaction.save(fee)
    news.record(transaction, "application_fee.refunded", fee)
    return returned


def _take(transaction: Transaction, charge: Body, transfer: Body, amount: int) -> Body:
    account, payment = transfer["destination"], transfer["destination_payment"]
    fee = transaction.add(shapes.fee_body(charge, payment, account, amount, now=transaction.now))
    fee["balance_transaction"] = booking.book(
        transaction, fee, type="application_fee", amount=amount, against=account, settles_after=SETTLES_AFTER
    )
    transaction.save(fee)
    paid = transaction.get("charge", payment)
    transaction.save(paid | {"application_fee": fee["id"], "application_fee_amount": amount})
    news.record(transaction, "application_fee.created", fee)
    return fee
