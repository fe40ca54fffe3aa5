"""A payment goes on to a connected account at once, and the platform keeps its fee."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import balance, connected, of
from tests.sandbox.orders import looked_up, order
from tests.sandbox.receiver import Receiver


def bought(client: Client, sandbox: RunningSandbox, account: str, fee: int | None = 360) -> Any:
    """The charge of a session of $24.00 that was paid, for an account."""
    data: dict[str, Any] = {"transfer_data": {"destination": account}}
    if fee:
        data["application_fee_amount"] = fee
    session = client.v1.checkout.sessions.create(order(payment_intent_data=data))
    sandbox.pay(session.id)
    return looked_up(client, session.id).payment_intent.latest_charge


def test_the_account_gets_it_and_the_platform_its_fee(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice)

    fee = client.v1.application_fees.retrieve(charge.application_fee, {"expand": ["originating_transaction"]})
    assert (fee.amount, fee.account, fee.originating_transaction.id) == (360, alice, charge.id)
    transfer = client.v1.transfers.retrieve(charge.transfer)
    assert (transfer.amount, transfer.source_transaction) == (2400, charge.id)
    assert balance(client) == (0, 2400 - 100 - 2400 + 360)
    assert balance(client, alice) == (0, 2040)
    entry = client.v1.balance_transactions.list({}, of(alice)).data[0]
    assert (entry.amount, entry.fee, entry.net) == (2400, 360, 2040)
    assert entry.fee_details[0].type == "application_fee"
    sandbox.drain()
    assert {"transfer.created", "application_fee.created", "charge.succeeded"} <= set(receiver.types)


def test_without_a_fee_all_of_it_goes_on(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice, fee=None)

    assert charge.application_fee is None
    assert client.v1.application_fees.list().data == []
    assert balance(client, alice) == (0, 2400)


def test_a_refund_brings_both_parts_back(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice)

    refund = client.v1.refunds.create(
        {"charge": charge.id, "reverse_transfer": True, "refund_application_fee": True, "expand": ["transfer_reversal"]}
    )

    assert refund.transfer_reversal.amount == 2400
    assert sum(balance(client, alice)) == 0
    assert sum(balance(client)) == -100
    assert client.v1.application_fees.retrieve(charge.application_fee).refunded
    sandbox.drain()
    assert {"transfer.reversed", "application_fee.refunded"} <= set(receiver.types)


def test_a_part_of_a_refund_brings_the_same_part_back(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice)
    both = {"charge": charge.id, "reverse_transfer": True, "refund_application_fee": True}

    client.v1.refunds.create(both | {"amount": 600})

    assert client.v1.transfers.retrieve(charge.transfer).amount_reversed == 600
    assert client.v1.application_fees.retrieve(charge.application_fee).amount_refunded == 90
    assert sum(balance(client, alice)) == 2040 - 600 + 90
    client.v1.refunds.create(both)
    assert sum(balance(client, alice)) == 0


def test_a_refund_without_reversal_is_the_platforms_loss(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice)

    client.v1.refunds.create({"charge": charge.id})

    assert sum(balance(client, alice)) == 2040
    assert sum(balance(client)) == 260 - 2400


def test_a_fee_can_go_back_alone(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    charge = bought(client, sandbox, alice)

    client.v1.application_fees.refunds.create(charge.application_fee, {"amount": 60})

    assert sum(balance(client, alice)) == 2100
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.application_fees.refunds.create(charge.application_fee, {"amount": 301})
    assert [each.amount for each in client.v1.application_fees.refunds.list(charge.application_fee).data] == [60]


def test_what_can_be_no_destination_charge_is_refused(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"application_fee_amount": 100}, "Can only apply an application_fee_amount"),
        ({"transfer_data": {"destination": "acct_nobody"}}, "No such destination"),
        ({"transfer_data": {"destination": alice}, "application_fee_amount": 2401}, "cannot be greater"),
        ({"transfer_data": {"destination": alice, "amount": 1}, "application_fee_amount": 1}, "only specify one"),
    ]
    for data, words in wrong:
        with pytest.raises(stripe.InvalidRequestError, match=words):
            client.v1.checkout.sessions.create(order(payment_intent_data=data))
