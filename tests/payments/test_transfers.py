"""The shop sends money to connected accounts, and brings it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from storefront.kit import clock
from storefront.kit.db import outside
from storefront.payments.gateway import PaymentRefused, PaymentsBroken, PaymentsDown, accounts, transfers
from tests.stripe import Stripe

pytestmark = pytest.mark.usefixtures("app")


def connected(stripe: Stripe, *, country: str = "US", onboarded: bool = True) -> str:
    """The id of alice's account."""
    with outside():
        account = accounts.create_account(
            country=country, email="alice@example.com", reference="con_1", workspace_id=1, key="account-con_1-1"
        )
    if onboarded:
        stripe.onboard(account.id)
    return account.id


def sent(alice: str, amount: int = 2000, key: str = "payout-po_1-1", **more: Any) -> transfers.Transfer:
    """A transfer to alice."""
    with outside():
        return transfers.send_transfer(
            amount=amount, currency="USD", destination=alice, group="po_1", metadata={"payout": "po_1"}, key=key, **more
        )


def test_alice_is_sent_her_money_once(stripe: Stripe) -> None:
    alice = connected(stripe)
    stripe.fund(10000)

    first, second = sent(alice), sent(alice)

    assert first == second
    assert (first.amount, first.currency, first.destination, first.metadata) == (2000, "USD", alice, {"payout": "po_1"})
    assert stripe.accounts()[0]["has"] == {"usd": 2000}
    with outside():
        assert transfers.find_transfer("po_1") == first
        assert transfers.find_transfer("po_2") is None


def test_what_is_not_there_is_refused_with_its_reason(stripe: Stripe) -> None:
    alice = connected(stripe)
    with pytest.raises(PaymentRefused) as refusal:
        sent(alice)
    assert refusal.value.code == transfers.BALANCE_TOO_LOW
    assert "insufficient available funds" in refusal.value.reason


def test_who_can_not_take_money_is_refused_with_the_reason(stripe: Stripe) -> None:
    stripe.fund(10000)
    half_way = connected(stripe, onboarded=False)
    with pytest.raises(PaymentRefused) as refusal:
        sent(half_way)
    assert refusal.value.code in transfers.CANNOT_RECEIVE

    stripe.onboard(half_way)
    stripe.deed(f"accounts/{half_way}/disconnect")
    with pytest.raises(PaymentRefused) as refusal:
        sent(half_way, key="payout-po_1-2")
    assert refusal.value.code in transfers.CANNOT_RECEIVE


def test_far_countries_take_accounts_but_no_transfers(stripe: Stripe) -> None:
    stripe.fund(10000)
    with pytest.raises(PaymentRefused) as refusal:
        sent(connected(stripe, country="JP"))
    assert "located in JP" in refusal.value.reason


def test_an_answer_that_was_lost_is_asked_for_again_or_looked_up(stripe: Stripe) -> None:
    alice = connected(stripe)
    stripe.fund(10000)
    stripe.fail_next("down", times=3)
    with pytest.raises(PaymentsDown):
        sent(alice)
    stripe.fail_next("lost")
    first = sent(alice)
    assert stripe.accounts()[0]["has"] == {"usd": 2000}

    stripe.fail_next("error_after")
    with pytest.raises(PaymentsBroken):
        sent(alice, amount=100, key="payout-po_1-2")
    with outside():
        found = transfers.find_transfer("po_1")
    assert found is not None
    assert (found.amount, found.id == first.id) == (100, False)


def test_a_transfer_is_brought_back_while_it_is_there(stripe: Stripe) -> None:
    alice = connected(stripe)
    stripe.fund(10000)
    transfer = sent(alice)

    with outside():
        back = transfers.reverse_transfer(transfer.id, amount=500, metadata={"refund": "re_1"}, key="reversal-1")
        assert back.startswith("trr_")
        assert transfers.retrieve_transfer(transfer.id).reversed == 500
    stripe.deed("payouts", account=alice)
    with outside(), pytest.raises(PaymentRefused) as refusal:
        transfers.reverse_transfer(transfer.id, amount=1500, metadata={}, key="reversal-2")
    assert refusal.value.code == transfers.BALANCE_TOO_LOW


def test_what_a_sale_brought_is_sent_before_it_clears(stripe: Stripe) -> None:
    alice = connected(stripe)
    stripe.fund(3000)
    stripe.deed("payouts")
    charge = stripe.payments()[0]["charge"]["id"]
    with pytest.raises(PaymentRefused):
        sent(alice)

    assert sent(alice, key="payout-po_1-2", source_charge=charge).amount == 2000


def test_an_account_is_found_by_our_own_id(stripe: Stripe) -> None:
    alice = connected(stripe)
    with outside():
        found = accounts.find_account("con_1", since=clock.now() - timedelta(hours=1))
        assert found is not None
        assert (found.id, found.payouts_enabled, found.takes_transfers) == (alice, True, True)
        assert accounts.find_account("con_2", since=clock.now() - timedelta(hours=1)) is None
        assert accounts.find_account("con_1", since=clock.now() + timedelta(hours=1)) is None


def test_who_disconnected_is_gone(stripe: Stripe) -> None:
    alice = connected(stripe)
    stripe.deed(f"accounts/{alice}/disconnect")
    with outside():
        with pytest.raises(accounts.AccountGone):
            accounts.retrieve_account(alice)
        with pytest.raises(accounts.AccountGone):
            accounts.dashboard_link(alice)
        with pytest.raises(accounts.AccountGone):
            accounts.onboarding_link(alice, return_url="http://shop.test/", refresh_url="http://shop.test/")
