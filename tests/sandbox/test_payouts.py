"""What is on a balance goes to a bank: daily, on request, in vain."""

from __future__ import annotations

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import EXPRESS, balance, connected, fund, of
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order

DAY = 24 * 60 * 60


def paid(client: Client, sandbox: RunningSandbox, account: str, amount: int = 2000) -> None:
    """Have the platform send an account something."""
    fund(client, sandbox)
    client.v1.transfers.create({"amount": amount, "currency": "usd", "destination": account})


def test_each_day_what_is_there_goes_to_the_bank(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    paid(client, sandbox, alice)

    sandbox.move_clock(DAY)
    (payout,) = client.v1.payouts.list({}, of(alice)).data
    assert (payout.amount, payout.automatic, payout.status) == (2000, True, "in_transit")
    assert balance(client, alice) == (0, 0)
    sandbox.move_clock(2 * DAY)

    assert client.v1.payouts.retrieve(payout.id, {}, of(alice)).status == "paid"
    assert look(sandbox, "money")[f"bank:{alice}"] == {"usd": 2000}
    types = [each.type for each in client.v1.events.list({"type": "payout.*"}, of(alice)).data]
    assert types == ["payout.paid", "payout.created"]


def test_a_bank_that_is_not_there_sends_it_back_and_gets_no_more(client: Client, sandbox: RunningSandbox) -> None:
    alice = client.v1.accounts.create(EXPRESS).id
    deed(sandbox, f"accounts/{alice}/onboard", bank="000111111116")
    paid(client, sandbox, alice)

    sandbox.move_clock(DAY)
    sandbox.move_clock(2 * DAY)

    (payout,) = client.v1.payouts.list({"expand": ["data.failure_balance_transaction"]}, of(alice)).data
    assert (payout.status, payout.failure_code) == ("failed", "no_account")
    assert payout.failure_balance_transaction.type == "payout_failure"
    assert balance(client, alice) == (2000, 0)
    account = client.v1.accounts.retrieve(alice)
    assert (account.charges_enabled, account.payouts_enabled) == (True, False)
    assert account.requirements.currently_due == ["external_account"]
    assert account.external_accounts.data[0].status == "errored"
    with pytest.raises(stripe.InvalidRequestError, match="not enabled"):
        client.v1.payouts.create({"amount": 100, "currency": "usd"}, of(alice))


def test_an_account_on_a_manual_schedule_waits(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox, settings={"payouts": {"schedule": {"interval": "manual"}}})
    paid(client, sandbox, alice)
    sandbox.move_clock(3 * DAY)
    assert client.v1.payouts.list({}, of(alice)).data == []

    asked = client.v1.payouts.create({"amount": 500, "currency": "usd"}, of(alice))

    assert (asked.amount, asked.automatic) == (500, False)
    assert balance(client, alice) == (1500, 0)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payouts.create({"amount": 1501, "currency": "usd"}, of(alice))
    assert refusal.value.code == "balance_insufficient"


def test_the_platform_pays_itself_out_when_it_asks(client: Client, sandbox: RunningSandbox) -> None:
    fund(client, sandbox)
    sandbox.move_clock(3 * DAY)
    assert client.v1.payouts.list().data == []

    client.v1.payouts.create({"amount": 9680, "currency": "usd"})

    assert balance(client) == (0, 0)
    assert look(sandbox, "money")["bank:platform"] == {"usd": 9680}


def test_the_control_room_fails_a_payout_even_late(client: Client, sandbox: RunningSandbox) -> None:
    alice = connected(client, sandbox)
    paid(client, sandbox, alice)
    (payout,) = deed(sandbox, "payouts", account=alice).json()["payouts"]
    assert deed(sandbox, f"payouts/{payout['id']}/end").json()["status"] == "paid"

    failed = deed(sandbox, f"payouts/{payout['id']}/end", outcome="fails").json()

    assert (failed["status"], failed["failure_code"]) == ("failed", "could_not_process")
    assert balance(client, alice) == (2000, 0)
    assert deed(sandbox, f"payouts/{payout['id']}/end", outcome="fails").status_code == 422
    assert deed(sandbox, "payouts").status_code == 200
    assert deed(sandbox, "payouts").status_code == 422


def test_what_is_pending_can_be_let_through(client: Client, sandbox: RunningSandbox) -> None:
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    assert balance(client) == (0, 2300)
    assert deed(sandbox, "balance/settle").json() == {"settled": 1}
    assert balance(client) == (2300, 0)
