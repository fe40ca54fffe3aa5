"""Payments that don't end at once: 3-D Secure, and bank transfers."""

from __future__ import annotations

import pytest

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.orders import looked_up, opened
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper

_PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def test_three_d_secure_completed(
    client: Client, sandbox: RunningSandbox, shopper: Shopper, receiver: Receiver
) -> None:
    session = opened(client)
    asked = shopper.pay(session.url, "4000002500003155")
    assert (asked.status, asked.location) == (303, f"/c/pay/{session.id}/authenticate")
    assert "Complete authentication" in shopper.open(f"{session.url}/authenticate")
    assert looked_up(client, session.id).payment_intent.status == "requires_action"
    assert shopper.confirm(session.url).location.startswith("http://shop.test/checkout/success")
    paid = looked_up(client, session.id)
    assert paid.payment_status == "paid"
    details = paid.payment_intent.latest_charge.payment_method_details.card
    assert details.three_d_secure.result == "authenticated"
    sandbox.drain()
    assert receiver.types == [_PAID[0], "payment_intent.requires_action", *_PAID[1:]]


def test_three_d_secure_failed(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    shopper.pay(session.url, "4000002500003155")
    page = shopper.confirm(session.url, "fail")
    assert page.status == 422
    assert "We are unable to authenticate your payment method." in page
    failed = looked_up(client, session.id)
    assert (failed.status, failed.payment_intent.status) == ("open", "requires_payment_method")
    assert failed.payment_intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert shopper.pay(session.url).status == 303


def test_three_d_secure_then_declined(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    shopper.pay(session.url, "4000008260003178")
    assert "insufficient funds" in shopper.confirm(session.url)


def test_nobody_is_asked_who_did_not_try(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    assert shopper.open(f"{session.url}/authenticate").location == f"/c/pay/{session.id}"
    assert shopper.confirm(session.url).location == f"/c/pay/{session.id}"
    assert looked_up(client, session.id).status == "open"


def test_an_attempt_left_half_done_is_canceled_with_its_session(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    shopper.pay(session.url, "4000002500003155")
    client.v1.checkout.sessions.expire(session.id)
    intent = looked_up(client, session.id).payment_intent
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
    assert shopper.confirm(session.url).location == f"/c/pay/{session.id}"


@pytest.mark.parametrize(
    ("outcome", "status", "intent", "event"),
    [
        ("succeeds", "paid", "succeeded", "checkout.session.async_payment_succeeded"),
        ("fails", "unpaid", "requires_payment_method", "checkout.session.async_payment_failed"),
    ],
)
def test_a_bank_transfer_ends_later(
    client: Client,
    sandbox: RunningSandbox,
    shopper: Shopper,
    receiver: Receiver,
    outcome: str,
    status: str,
    intent: str,
    event: str,
) -> None:
    session = opened(client)
    bank = shopper.send(session.url, email="bob@example.com", choice="bank")
    assert bank.location.startswith("http://shop.test/checkout/success")
    waiting = looked_up(client, session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    assert "is on its way" in shopper.open(session.url)
    answer = shopper.send(f"{sandbox.url}/_sandbox/sessions/{session.id}/bank", outcome=outcome)
    assert answer.location == "/#payments"
    settled = looked_up(client, session.id)
    assert (settled.payment_status, settled.payment_intent.status) == (status, intent)
    sandbox.drain()
    assert "checkout.session.completed" in receiver.types
    assert receiver.types[-1] == event
    assert shopper.send(f"{sandbox.url}/_sandbox/sessions/{session.id}/bank", outcome=outcome).status == 404


def test_a_session_for_cards_takes_no_bank_transfer(client: Client, shopper: Shopper) -> None:
    session = opened(client, payment_method_types=["card"])
    assert "by bank transfer" not in shopper.open(session.url)
    assert shopper.send(session.url, email="bob@example.com", choice="bank").status == 422
