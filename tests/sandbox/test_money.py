"""Whatever happens, in whatever order: no money is made or lost, and every balance is what its entries say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import AT_ONCE, balance, connected, of
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order

CARDS = ["4242424242424242", AT_ONCE, "4000000000000259", "4000000000001976", "4000000000007726", "4000000000005126"]
BANKS = ["000123456789", "000111111116"]


class NothingThere(Exception):
    """What is to be done needs something that hasn't happened."""


class World:
    """A platform and two connected accounts, and what can happen to their money."""

    def __init__(self, client: Client, sandbox: RunningSandbox) -> None:
        self.client, self.sandbox = client, sandbox
        deed(sandbox, "reset").raise_for_status()
        self.accounts = [connected(client, sandbox) for _ in BANKS]
        for account, bank in zip(self.accounts, BANKS, strict=True):
            deed(sandbox, f"accounts/{account}/onboard", bank=bank).raise_for_status()

    def pay(self, pick: int, amount: int) -> None:
        """Somebody buys: kept by the platform, or passed on, with a fee or without."""
        to, fee = (None, self.accounts[0], self.accounts[1])[pick % 3], amount * (pick % 4) // 10
        data: dict[str, Any] = {"transfer_data": {"destination": to}} if to else {}
        if to and fee:
            data["application_fee_amount"] = fee
        session = self.client.v1.checkout.sessions.create(order(50 + amount, payment_intent_data=data))
        self.sandbox.pay(session.id, CARDS[pick % len(CARDS)])

    def refund(self, pick: int, amount: int) -> None:
        """A part or all of a payment goes back, with what belongs to it or without."""
        charge = self._some(self.client.v1.charges, pick)
        along = bool(charge.transfer_data) and pick % 2 == 0
        self.client.v1.refunds.create(
            {"charge": charge.id}
            | ({"amount": amount} if pick % 3 else {})
            | ({"reverse_transfer": True} if along else {})
            | ({"refund_application_fee": True} if along and charge.application_fee else {})
        )

    def settle_refund(self, pick: int, _amount: int) -> None:
        """A refund ends, well or not."""
        refund = self._some(self.client.v1.refunds, pick)
        deed(self.sandbox, f"refunds/{refund.id}/settle", outcome=("succeeds", "fails")[pick % 2])

    def dispute(self, pick: int, _amount: int) -> None:
        """A payment is disputed, or only asked about."""
        charge = self._some(self.client.v1.charges, pick)
        deed(self.sandbox, f"charges/{charge.id}/dispute", inquiry=pick % 3 == 0)

    def decide(self, pick: int, _amount: int) -> None:
        """A dispute is won, lost or escalated."""
        dispute = self._some(self.client.v1.disputes, pick)
        step, outcome = (("close", "won"), ("close", "lost"), ("escalate", ""))[pick % 3]
        deed(self.sandbox, f"disputes/{dispute.id}/{step}", outcome=outcome)

    def transfer(self, pick: int, amount: int) -> None:
        """The platform sends what is available, or what a charge brought."""
        wanted = {"amount": amount, "currency": "usd", "destination": self.accounts[pick % 2]}
        if pick % 3 == 0:
            wanted["source_transaction"] = self._some(self.client.v1.charges, pick).id
        self.client.v1.transfers.create(wanted)

    def reverse(self, pick: int, amount: int) -> None:
        """A transfer comes back, wholly or in part."""
        transfer = self._some(self.client.v1.transfers, pick)
        self.client.v1.transfers.reversals.create(transfer.id, {"amount": amount} if pick % 2 else {})

    def refund_fee(self, pick: int, amount: int) -> None:
        """A fee goes back."""
        fee = self._some(self.client.v1.application_fees, pick)
        self.client.v1.application_fees.refunds.create(fee.id, {"amount": amount} if pick % 2 else {})

    def pay_out(self, pick: int, _amount: int) -> None:
        """Somebody's balance goes to their bank."""
        deed(self.sandbox, "payouts", account=("", *self.accounts)[pick % 3])

    def wait(self, pick: int, _amount: int) -> None:
        """Time passes: money clears, banks answer, disputes run out."""
        self.sandbox.move_clock((3600, 86400, 10 * 86400)[pick % 3])

    @staticmethod
    def _some(api: Any, pick: int) -> Any:
        found = api.list({"limit": 100}).data
        if not found:
            raise NothingThere
        return found[pick % len(found)]

    def check(self) -> None:
        """No money is made or lost, and balances are what was moved."""
        money = look(self.sandbox, "money")
        assert sum(amount for amounts in money.values() for amount in amounts.values()) == 0
        for holder, account in (("platform", ""), *((each, each) for each in self.accounts)):
            moved = money.get(holder, {}).get("usd", 0)
            assert sum(balance(self.client, account)) == moved, holder
            options = of(account) if account else {}
            entries = self.client.v1.balance_transactions.list({"limit": 100}, options)
            assert sum(each.net for each in entries.auto_paging_iter()) == moved, holder


DEEDS: list[Callable[[World, int, int], None]] = [
    World.pay, World.refund, World.settle_refund, World.dispute, World.decide, World.transfer, World.reverse,
    World.refund_fee, World.pay_out, World.wait,
]  # fmt: skip
steps = st.tuples(st.sampled_from(DEEDS), st.integers(0, 11), st.integers(1, 3000))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=4, max_size=14))
def test_no_money_is_made_or_lost(
    client: Client, sandbox: RunningSandbox, happened: list[tuple[Callable[[World, int, int], None], int, int]]
) -> None:
    world = World(client, sandbox)
    for pick in range(3):
        world.pay(pick, 2000)
    for do, pick, amount in happened:
        try:
            do(world, pick, amount)
        except (NothingThere, stripe.InvalidRequestError):
            continue
    world.check()
