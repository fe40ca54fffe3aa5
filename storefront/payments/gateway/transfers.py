"""Transfers to connected accounts, and reversals that bring them back. Amounts are whole minor units.

Source: https://docs.stripe.com/api/transfers, https://docs.stripe.com/api/transfer_reversals
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storefront.payments.gateway import call

#: ``PaymentRefused.code`` of a transfer: the platform has too little available, so it may go later.
BALANCE_TOO_LOW = "balance_insufficient"
#: The account can't take transfers, or is not this shop's any more.
CANNOT_RECEIVE = ("insufficient_capabilities_for_transfer", "resource_missing", "account_invalid")


@dataclass(frozen=True)
class Transfer:
    """Money that was sent to an account; ``reversed`` is how much of it came back."""

    id: str
    amount: int
    reversed: int
    currency: str
    destination: str
    metadata: Mapping[str, str]

    @property
    def is_reversed(self) -> bool:
        """Whether all of it came back."""
        return self.reversed == self.amount

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> Transfer:
        """From Stripe's JSON, of an answer or an event."""
        to = body["destination"]
        return cls(
            id=body["id"],
            amount=body["amount"],
            reversed=body["amount_reversed"],
            currency=body["currency"].upper(),
            destination=to["id"] if isinstance(to, Mapping) else to,
            metadata=body.get("metadata") or {},
        )


def send_transfer(
    *, amount: int, currency: str, destination: str, group: str, metadata: dict[str, str], key: str,
    source_charge: str | None = None,
) -> Transfer:  # fmt: skip
    """Send what is available, or what ``source_charge`` brought, to an account; ``group`` is our own id of it.

    Asking again with the same key is the same transfer. Raises PaymentRefused: its ``code`` is BALANCE_TOO_LOW, or one
    of CANNOT_RECEIVE, and its ``reason`` Stripe's sentence.
    """
    params: Any = {
        "amount": amount,
        "currency": currency.lower(),
        "destination": destination,
        "transfer_group": group,
        "metadata": metadata,
        **({"source_transaction": source_charge} if source_charge else {}),
    }
    made = call(lambda client, options: client.v1.transfers.create(params, options), key)
    return Transfer.from_dict(made.to_dict())


def find_transfer(group: str) -> Transfer | None:
    """The transfer that was made with ``group``; None if there is none. For an outcome that was never heard."""
    params: Any = {"transfer_group": group, "limit": 1}
    found = call(lambda client, _options: client.v1.transfers.list(params)).data
    return Transfer.from_dict(found[0].to_dict()) if found else None


def retrieve_transfer(transfer_id: str) -> Transfer:
    """A transfer as it is now."""
    return Transfer.from_dict(call(lambda client, _options: client.v1.transfers.retrieve(transfer_id)).to_dict())


def reverse_transfer(transfer_id: str, *, amount: int, metadata: dict[str, str], key: str) -> str:
    """Bring ``amount`` of a transfer back. Returns the reversal's id. Asking again with the same key is the same.

    Raises PaymentRefused with BALANCE_TOO_LOW if the account has spent it.
    """
    params: Any = {"amount": amount, "metadata": metadata}
    made = call(lambda client, options: client.v1.transfers.reversals.create(transfer_id, params, options), key)
    reversal: str = made.id
    return reversal


def take_back(payment_intent: str, *, amount: int, metadata: dict[str, str], key: str) -> int:
    """Bring back ``amount`` of what a destination charge passed on, or what is left of it. Returns how much came back.

    What was brought back before with the same ``metadata`` is found, and not brought back again. Raises PaymentRefused
    with BALANCE_TOO_LOW if the account has spent it. Source: https://docs.stripe.com/connect/disputes
    """
    params: Any = {"expand": ["latest_charge.transfer"]}
    intent = call(lambda client, _options: client.v1.payment_intents.retrieve(payment_intent, params)).to_dict()
    transfer = intent["latest_charge"]["transfer"]
    for each in transfer["reversals"]["data"]:
        if each["metadata"] == metadata:
            return int(each["amount"])
    left = min(amount, int(transfer["amount"]) - int(transfer["amount_reversed"]))
    if left:
        reverse_transfer(transfer["id"], amount=left, metadata=metadata, key=key)
    return left
