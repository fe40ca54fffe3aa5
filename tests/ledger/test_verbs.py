"""What each verb does to the balances of alice, who creates, and of the shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from storefront.accounts.models import Workspace
from storefront.events.models import Event
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.money import Money
from storefront.ledger import services
from storefront.ledger.models import Posting
from storefront.ledger.queries import Balance, balance_of, balances_due
from storefront.ledger.services import LedgerConflict
from tests.cast import Cast
from tests.ledger.worlds import WINDOW, balance, mature, sell, standing, usd

MoveClock = Callable[[timedelta], None]
SALE: dict[str, Any] = {"fee": usd(180), "share": usd(1020), "tax": usd(0)}


@pytest.fixture
def hers(cast: Cast) -> Workspace:
    return cast.workspace(cast.alice)


def test_for_every_amount_fee_and_share_are_all_of_it() -> None:
    for amount in range(200_001):
        fee, share = usd(amount).split_fee(basis_points=1500)
        assert fee.amount + share.amount == amount
        assert fee.amount == amount * 15 // 100


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=0, max_value=10_000))
def test_for_random_amounts_and_fees_too(amount: int, basis_points: int) -> None:
    fee, share = usd(amount).split_fee(basis_points=basis_points)
    assert fee.amount + share.amount == amount
    assert fee.amount * 10_000 <= amount * basis_points < (fee.amount + 1) * 10_000


def test_a_share_is_held_until_refunds_are_over(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    assert (mature(), balance(hers)) == (0, Balance("USD", held=1020))

    move_clock(WINDOW)

    assert (mature(), balance(hers)) == (1, Balance("USD", payable=1020))
    assert (mature(), balance(hers)) == (0, Balance("USD", payable=1020))
    assert (standing("platform_cash"), standing("platform_revenue")) == (1200, 180)


def test_many_mature_in_one_pass(hers: Workspace, move_clock: MoveClock, count_statements: Callable[..., Any]) -> None:
    for number in range(20):
        sell(hers, f"ord_{number}")
    move_clock(WINDOW)

    with count_statements() as statements:
        assert mature() == 20

    assert len(statements) == 2
    assert balance(hers) == Balance("USD", payable=20 * 1020)


@pytest.mark.parametrize(("matured", "part"), [(False, "held"), (True, "payable")])
def test_a_refund_takes_the_share_from_where_it_is(
    hers: Workspace, move_clock: MoveClock, matured: bool, part: str
) -> None:
    sell(hers)
    sell(hers, "ord_2")
    if matured:
        move_clock(WINDOW)
        mature()

    with step():
        services.book_refund("ref_1", order_id="ord_1", **SALE)

    assert balance(hers) == Balance("USD", **{part: 1020})
    assert (standing("platform_cash"), standing("refunds")) == (1200, 180)


def test_a_refund_heard_of_again_after_the_share_matured_is_no_other(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    for _time in range(2):
        with step():
            services.book_refund("ref_1", order_id="ord_1", **SALE)
        move_clock(WINDOW)
        mature()

    assert balance(hers) == Balance("USD")


def test_half_a_refund_lets_the_other_half_mature(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    with step():
        services.book_refund("ref_1", order_id="ord_1", fee=usd(90), share=usd(510), tax=usd(0))
    move_clock(WINDOW)
    mature()

    assert balance(hers) == Balance("USD", payable=510)


def test_a_refund_that_fails_gives_back_what_it_took(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    with step():
        services.book_refund("ref_1", order_id="ord_1", **SALE)
    move_clock(WINDOW)
    mature()
    with step():
        services.book_refund_failed("ref_1", order_id="ord_1", **SALE)

    assert balance(hers) == Balance("USD", payable=1020)
    assert (standing("platform_cash"), standing("refunds")) == (1200, 0)


def test_a_refund_after_the_payout_is_owed(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    move_clock(WINDOW)
    mature()
    with step():
        services.book_payout_intent("pay_1", workspace_id=hers.id, amount=usd(1020))
        services.book_payout_sent("pay_1", workspace_id=hers.id, amount=usd(1020), reference="tr_1")
        services.book_refund("ref_1", order_id="ord_1", **SALE)

    assert balance(hers) == Balance("USD", payable=-1020, paid=1020)
    assert standing("platform_cash") == -1020


def test_a_dispute_sets_the_share_aside_and_winning_brings_it_back(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    with step():
        services.book_dispute_opened("dp_1", order_id="ord_1", share=usd(1020), amount=usd(1200), bank_fee=usd(1500))
    assert balance(hers) == Balance("USD", reserved=1020)
    assert (standing("platform_cash"), standing("disputed_cash")) == (-1500, 1200)
    move_clock(WINDOW)
    mature()

    with step():
        services.book_dispute_won("dp_1", order_id="ord_1", share=usd(1020), amount=usd(1200), bank_fee=usd(1500))

    assert balance(hers) == Balance("USD", payable=1020)
    assert (standing("platform_cash"), standing("disputed_cash"), standing("dispute_losses")) == (1200, 0, 0)


def test_a_lost_dispute_is_lost_by_both(hers: Workspace) -> None:
    sell(hers)
    with step():
        services.book_dispute_opened("dp_1", order_id="ord_1", share=usd(1020))
    with step():  # what Stripe took is known later
        services.book_dispute_opened("dp_1", order_id="ord_1", share=usd(1020), amount=usd(1200), bank_fee=usd(1500))
        services.book_dispute_lost("dp_1", order_id="ord_1", **SALE)

    assert balance(hers) == Balance("USD")
    assert (standing("platform_cash"), standing("disputed_cash"), standing("dispute_losses")) == (-1500, 0, 1680)


def test_what_stripe_transferred_at_the_sale_is_paid(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers, settlement="destination")
    assert balance(hers) == Balance("USD", paid=1020)
    move_clock(WINDOW)

    assert mature() == 0
    assert standing("platform_cash") == 180


def test_a_refund_takes_back_what_was_transferred(hers: Workspace) -> None:
    sell(hers, settlement="destination")
    with step():
        services.book_refund("ref_1", order_id="ord_1", **SALE, reversed=usd(1020))

    assert balance(hers) == Balance("USD")
    assert standing("platform_cash") == 0


def test_a_payout_is_on_its_way_then_paid(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    move_clock(WINDOW)
    mature()
    with step():
        services.book_payout_intent("pay_1", workspace_id=hers.id, amount=usd(1000))
    assert balance(hers) == Balance("USD", payable=20, in_transit=1000)

    with step():
        services.book_payout_sent("pay_1", workspace_id=hers.id, amount=usd(1000), reference="tr_1")
    assert balance(hers) == Balance("USD", payable=20, paid=1000)

    with step():
        services.book_payout_reversed("trr_1", workspace_id=hers.id, amount=usd(400), reference="trr_1")
        services.book_payout_reversed("trr_2", workspace_id=hers.id, amount=usd(600), reference="trr_2")
    assert balance(hers) == Balance("USD", payable=1020)
    assert standing("platform_cash") == 1200


def test_a_refused_payout_is_payable_again(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    move_clock(WINDOW)
    mature()
    with step():
        services.book_payout_intent("pay_1", workspace_id=hers.id, amount=usd(1020))
        services.book_payout_refused("pay_1", workspace_id=hers.id, amount=usd(1020))

    assert balance(hers) == Balance("USD", payable=1020)


def test_paid_by_hand_is_paid_without_stripe(hers: Workspace, move_clock: MoveClock) -> None:
    sell(hers)
    move_clock(WINDOW)
    mature()
    with step():
        services.book_manual_payout("pay_1", workspace_id=hers.id, amount=usd(20), note="Transfer 4711")
        services.book_plan_fee_from_balance("plan_1", workspace_id=hers.id, amount=usd(900))

    assert balance(hers) == Balance("USD", payable=100, paid=20, spent=900)
    assert (standing("bank"), standing("platform_cash"), standing("platform_revenue")) == (-20, 1200, 1080)


@pytest.mark.parametrize("amount", [500, -500])
def test_an_adjustment_keeps_who_and_why(hers: Workspace, cast: Cast, amount: int) -> None:
    for written in (True, False):
        with step():
            assert written is services.book_adjustment(
                "adj_1", workspace_id=hers.id, amount=usd(amount), reason="A wrong price.", by=cast.carol
            )

    assert balance(hers) == Balance("USD", payable=amount)
    assert db.session.scalars(sa.select(Posting.note)).one() == "A wrong price."
    event = db.session.scalars(sa.select(Event).where(Event.name == "balance.adjusted")).one()
    assert (event.actor_id, event.workspace_id) == (cast.carol.id, hers.id)


def test_an_adjustment_without_a_reason_is_refused(hers: Workspace, cast: Cast) -> None:
    with pytest.raises(ValueError, match="reason"), step():
        services.book_adjustment("adj_1", workspace_id=hers.id, amount=usd(1), reason=" ", by=cast.carol)


def test_an_unwanted_payment_is_owed_until_it_went_back(app: Flask) -> None:
    with step():
        services.book_unwanted("ord_1", usd(1200))
        services.book_stripe_fee("order", "ord_1", usd(65))
    assert (standing("platform_cash"), standing("refunds_due")) == (1135, 1200)

    with step():
        services.book_unwanted_returned("ord_1", usd(1200))
    assert (standing("platform_cash"), standing("refunds_due"), standing("stripe_fees")) == (-65, 0, 65)


def test_money_of_the_shops_own_goes_to_its_bank(app: Flask) -> None:
    with step():
        services.book_bank_payout("po_1", usd(500), reference="po_1")

    assert (standing("platform_cash"), standing("bank")) == (-500, 500)


def test_each_currency_has_a_balance(hers: Workspace) -> None:
    sell(hers)
    yen: dict[str, Any] = {"fee": Money(150, "JPY"), "share": Money(850, "JPY"), "tax": Money(0, "JPY")}
    with step():
        services.book_sale("ord_2", workspace_id=hers.id, matures_at=clock.now(), settlement="held", **yen)

    assert balance_of(hers.id) == {"JPY": Balance("JPY", held=850), "USD": Balance("USD", held=1020)}


def test_mallory_has_nothing_of_it(hers: Workspace, cast: Cast) -> None:
    sell(hers)

    assert balance_of(cast.workspace(cast.mallory).id) == {}


def test_what_is_due_to_everybody_is_one_statement(
    hers: Workspace, cast: Cast, move_clock: MoveClock, count_statements: Callable[..., Any]
) -> None:
    bobs, theirs = cast.workspace(cast.bob), cast.workspace(cast.mallory)
    sell(hers)
    sell(bobs, "ord_2", 2000)
    sell(theirs, "ord_3")
    move_clock(WINDOW)
    mature()
    with step():
        services.book_payout_intent("pay_1", workspace_id=theirs.id, amount=usd(1020))
    move_clock(timedelta(minutes=1))
    until = clock.now()
    move_clock(timedelta(minutes=1))
    sell(hers, "ord_4")
    move_clock(WINDOW)
    mature()  # too late for this run
    with step():
        services.book_refund("ref_1", order_id="ord_2", fee=usd(30), share=usd(170), tax=usd(0))

    with count_statements() as statements:
        due = balances_due(until)

    assert [(each.workspace_id, each.payable) for each in due] == [(hers.id, usd(1020)), (bobs.id, usd(1530))]
    assert len(statements) == 1


def test_the_same_sale_with_another_price_is_refused(hers: Workspace) -> None:
    sell(hers)

    with pytest.raises(LedgerConflict):
        sell(hers, amount=1300)
