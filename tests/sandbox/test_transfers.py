"""The platform sends money to a connected account, and brings it back."""

from __future__ import annotations

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import EXPRESS, balance, connected, fund, of
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order
from tests.sandbox.receiver import Receiver


def test_what_is_sent_is_there_at_once(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)

    sent = client.v1.transfers.create(
        {"amount": 2000, "currency": "usd", "destination": alice, "transfer_group": "payout_1", "metadata": {"a": "b"}}
    )

    assert (sent.amount, sent.reversed, sent.metadata.to_dict()) == (2000, False, {"a": "b"})
    assert balance(client) == (10000 - 320 - 2000, 0)
    assert balance(client, alice) == (2000, 0)
    payment = client.v1.charges.retrieve(sent.destination_payment, {}, of(alice))
    assert (payment.amount, payment.source_transfer) == (2000, sent.id)
    assert [each.id for each in client.v1.transfers.list({"transfer_group": "payout_1"}).data] == [sent.id]
    assert [each.id for each in client.v1.transfers.list({"destination": alice}).data] == [sent.id]
    sandbox.drain()
    assert receiver.types[-1] == "transfer.created"
    assert look(sandbox, "money")[alice] == {"usd": 2000}


def test_more_than_is_available_is_refused(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    sandbox.pay(client.v1.checkout.sessions.create(order(10000)).id)
    wanted = {"amount": 2000, "currency": "usd", "destination": alice}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.create(wanted)
    assert refusal.value.code == "balance_insufficient"

    sandbox.move_clock(2 * 86400)
    assert client.v1.transfers.create(wanted).amount == 2000


def test_a_charge_that_is_pending_can_be_sent_on(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    sandbox.pay(client.v1.checkout.sessions.create(order(2400)).id)
    charge = client.v1.charges.list().data[0].id
    wanted = {"amount": 2000, "currency": "usd", "destination": alice, "source_transaction": charge}

    sent = client.v1.transfers.create(wanted)

    assert (sent.source_transaction, sent.transfer_group) == (charge, f"group_{charge}")
    assert balance(client, alice) == (0, 2000)
    with pytest.raises(stripe.InvalidRequestError, match=r"has \$4.00 left"):
        client.v1.transfers.create(wanted)
    sandbox.move_clock(2 * 86400)
    assert balance(client, alice)[1] == 0


def test_only_who_can_take_money_is_sent_it(client: Client, sandbox: RunningSandbox) -> None:
    fund(client, sandbox)
    wanted = {"amount": 100, "currency": "usd"}
    half_way = client.v1.accounts.create(EXPRESS).id

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.create(wanted | {"destination": half_way})
    assert refusal.value.code == "insufficient_capabilities_for_transfer"
    with pytest.raises(stripe.InvalidRequestError, match="No such destination"):
        client.v1.transfers.create(wanted | {"destination": "acct_nobody"})
    far = connected(client, sandbox, country="JP")
    assert client.v1.accounts.retrieve(far).payouts_enabled
    with pytest.raises(stripe.InvalidRequestError, match="can't be sent to accounts located in JP"):
        client.v1.transfers.create(wanted | {"destination": far})


def test_a_transfer_comes_back_in_parts(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    sent = client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": alice})

    part = client.v1.transfers.reversals.create(sent.id, {"amount": 500, "expand": ["balance_transaction"]})

    assert (part.amount, part.transfer) == (500, sent.id)
    assert (part.balance_transaction.type, part.balance_transaction.net) == ("transfer_refund", 500)
    assert balance(client, alice) == (1500, 0)
    with pytest.raises(stripe.InvalidRequestError, match=r"\$16.00.*greater than unreversed.*\$15.00"):
        client.v1.transfers.reversals.create(sent.id, {"amount": 1600})
    client.v1.transfers.reversals.create(sent.id)
    back = client.v1.transfers.retrieve(sent.id)
    assert (back.reversed, back.amount_reversed) == (True, 2000)
    assert [each.amount for each in back.reversals.data] == [1500, 500]
    assert [each.amount for each in client.v1.transfers.reversals.list(sent.id).data] == [1500, 500]
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        client.v1.transfers.reversals.create(sent.id)
    sandbox.drain()
    assert receiver.types[-2:] == ["transfer.reversed", "transfer.reversed"]


def test_what_the_account_has_no_more_does_not_come_back(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    sent = client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": alice})
    deed(sandbox, "payouts", account=alice).raise_for_status()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(sent.id)
    assert refusal.value.code == "balance_insufficient"


def test_the_same_key_sends_once(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    wanted = {"amount": 2000, "currency": "usd", "destination": alice}

    first, second = (client.v1.transfers.create(wanted, {"idempotency_key": "payout-1"}) for _ in range(2))

    assert first.id == second.id
    assert balance(client, alice) == (2000, 0)


def test_metadata_is_changed_and_told(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    sent = client.v1.transfers.create(
        {"amount": 100, "currency": "usd", "destination": alice, "metadata": {"run": "1", "note": "x"}}
    )

    changed = client.v1.transfers.update(sent.id, {"metadata": {"note": "", "payout": "2"}})

    assert changed.metadata.to_dict() == {"run": "1", "payout": "2"}
    sandbox.drain()
    assert receiver.types[-1] == "transfer.updated"


def test_the_balance_transactions_say_what_happened(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    fund(client, sandbox)
    sent = client.v1.transfers.create({"amount": 2000, "currency": "usd", "destination": alice})
    client.v1.transfers.reversals.create(sent.id, {"amount": 500})

    mine = client.v1.balance_transactions.list({"expand": ["data.source"]}).data
    hers = client.v1.balance_transactions.list({}, of(alice)).data

    assert [(each.type, each.net) for each in mine] == [
        ("transfer_refund", 500), ("transfer", -2000), ("charge", 9680),
    ]  # fmt: skip
    assert [each.source.object for each in mine] == ["transfer_reversal", "transfer", "charge"]
    assert [(each.type, each.net) for each in hers] == [("payment_refund", -500), ("payment", 2000)]
    assert [each.net for each in client.v1.balance_transactions.list({"type": "transfer"}).data] == [-2000]
    assert client.v1.balance_transactions.list({"source": sent.id}).data[0].net == -2000
