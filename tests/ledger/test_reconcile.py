"""The books are Stripe's: what moved there and not here is listed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from storefront.kit.db import db, settle_reads, step
from storefront.ledger import jobs, services
from storefront.ledger.chart import PLATFORM_CASH, PLATFORM_REVENUE
from storefront.ledger.models import LedgerCheck
from storefront.ledger.reconciling import reconcile
from storefront.ledger.services import Entry
from tests.browser import Browser
from tests.cast import Cast
from tests.disputes.test_dispute import FRAUD, close, hear
from tests.ledger.worlds import standing, usd
from tests.payouts.test_settlement import at_once, connected
from tests.refunds.acts import buy, order_of
from tests.stripe import HEADERS, Stripe
from tests.worlds import make_offer

__all__ = ["at_once"]


def differences(**span: Any) -> list[str]:
    settle_reads()
    return reconcile(**span).findings


def test_a_purchase_with_its_fee_is_stripes_too(cast: Cast, stripe: Stripe, client: Browser) -> None:
    buy(cast.bob, make_offer(cast.alice), stripe, client)

    assert differences() == []
    check = db.session.scalars(sa.select(LedgerCheck)).one()
    assert (check.of, check.looked_at) == ("stripe", 1)


def test_a_refund_and_a_dispute_that_were_heard_of_differ_in_nothing(
    cast: Cast, stripe: Stripe, client: Browser
) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent))
    buy(cast.mallory, make_offer(cast.alice, "Two"), stripe, client, card=FRAUD)
    hear(stripe, client)
    assert differences() == []

    close(stripe, "lost")
    hear(stripe, client)

    assert differences() == []


@pytest.mark.usefixtures("at_once")
def test_what_went_on_to_the_creator_at_once_is_put_together(cast: Cast, stripe: Stripe, client: Browser) -> None:
    connected(client, cast, stripe)
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    order = order_of(license)
    assert order.settlement == "destination"

    assert differences() == []


def test_a_fee_that_nobody_booked_is_listed(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    with step():
        services.post("order", "ord_9", [Entry("sale.fee", PLATFORM_CASH, PLATFORM_REVENUE, usd(5))], reference="pi_9")
    stripe.refund(str(order_of(license).payment_intent), amount=300)  # and the shop is not told

    assert set(differences()) == {
        f"{order_of(license).payment_intent}: Stripe moved $8.35, the books say $11.35.",
        "pi_9: Stripe moved nothing, the books say $0.05.",
        "The balance in USD: Stripe has $8.35, the books say $11.40.",
    }


def test_the_daily_comparison_leaves_out_what_is_on_its_way(
    cast: Cast, stripe: Stripe, client: Browser, move_clock: Callable[[timedelta], None]
) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    stripe.refund(str(order_of(license).payment_intent))
    assert jobs.reconcile()[0].found == 0

    move_clock(timedelta(hours=2))

    assert jobs.reconcile()[0].found == 1
    move_clock(timedelta(days=400))  # and what is too old, too
    assert jobs.reconcile()[0].found == 0


def test_what_went_to_the_shops_bank_is_booked_once(cast: Cast, stripe: Stripe, client: Browser) -> None:
    stripe.fund(10_000)
    with step():
        services.post("adjustment", "adj_1", [Entry("adjustment.given", PLATFORM_CASH, "adjustments", usd(10_000))])
    sent = 4_000
    payout(stripe, sent)

    for _time in range(2):
        settle_reads()
        reconcile()

    assert standing("bank") == sent


def payout(stripe: Stripe, amount: int) -> None:
    """The shop has Stripe send money to its bank, in Stripe's dashboard."""
    requests.post(
        f"{stripe.url}/v1/payouts", data={"amount": amount, "currency": "usd"},
        headers={**HEADERS, "Idempotency-Key": "to-the-bank"}, timeout=10,
    ).raise_for_status()  # fmt: skip


def test_the_command_lists_and_leaves_with_one(app: Flask, cast: Cast, stripe: Stripe, client: Browser) -> None:
    buy(cast.bob, make_offer(cast.alice), stripe, client)
    run: Any = app.test_cli_runner().invoke
    assert run(args=["ledger", "reconcile"]).exit_code == 0

    with step():
        services.post("order", "ord_9", [Entry("sale.fee", PLATFORM_CASH, PLATFORM_REVENUE, usd(5))])

    answer = run(args=["ledger", "reconcile"])
    assert (answer.exit_code, "no reference: Stripe moved nothing" in answer.output) == (1, True)
    assert "Differences from Stripe" in client.as_person(cast.carol).get("/admin/health").text
    stripe.fail_next("down", times=3)
    assert run(args=["ledger", "reconcile"]).exit_code == 1
