"""Somebody pays on the hosted page: cards that work, cards that don't, 3-D Secure, and paying later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import look
from tests.sandbox.orders import CANCEL, line, order
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper

_PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]
_EVERYTHING = ["payment_intent.latest_charge.balance_transaction", "payment_intent.payment_method"]


def opened(client: Client, **more: Any) -> Any:
    """A session that was just opened."""
    return client.v1.checkout.sessions.create(order(**more))


def looked_up(client: Client, id: str) -> Any:
    """A session as it is now, with all that hangs on it."""
    return client.v1.checkout.sessions.retrieve(id, {"expand": _EVERYTHING})


def test_a_card_that_works(
    client: Client, sandbox: RunningSandbox, shopper: Shopper, receiver: Receiver
) -> None:
    session = opened(client, payment_intent_data={"metadata": {"order": "ord_1"}})
    answer = shopper.pay(session.url, name="Bob Builder")
    assert (answer.status, answer.location) == (
        303,
        f"http://shop.test/checkout/success?session_id={session.id}",
    )
    paid = looked_up(client, session.id)
    intent, charge = paid.payment_intent, paid.payment_intent.latest_charge
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (paid.customer_details.email, paid.customer_details.name) == ("bob@example.com", "Bob Builder")
    assert (intent.status, intent.amount_received, intent.metadata.order) == ("succeeded", 2400, "ord_1")
    assert (charge.paid, charge.captured, charge.metadata.order) == (True, True, "ord_1")
    assert (charge.payment_method_details.card.brand, charge.payment_method_details.card.last4) == (
        "visa",
        "4242",
    )
    sandbox.drain()
    assert receiver.types == _PAID
    assert receiver.events[-1]["data"]["object"]["payment_status"] == "paid"


def test_stripes_fee_is_taken_from_the_charge(client: Client, sandbox: RunningSandbox) -> None:
    session = opened(client)
    sandbox.pay(session.id)
    entry = looked_up(client, session.id).payment_intent.latest_charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net) == (2400, 70 + 30, 2300)
    assert [(detail.type, detail.amount) for detail in entry.fee_details] == [("stripe_fee", 100)]
    assert entry.status == "pending"
    sandbox.move_clock(2 * 24 * 60 * 60)
    assert client.v1.balance_transactions.retrieve(entry.id).status == "available"
    money = look(sandbox, "money")
    assert money == {"customers": {"usd": -2400}, "platform": {"usd": 2300}, "stripe": {"usd": 100}}


@pytest.mark.parametrize(
    ("number", "code", "decline", "message"),
    [
        ("4000 0000 0000 0002", "card_declined", "generic_decline", "Your card was declined."),
        ("4000 0000 0000 9995", "card_declined", "insufficient_funds", "Your card has insufficient funds."),
        ("4000 0000 0000 0069", "expired_card", "expired_card", "Your card has expired."),
        ("4000 0000 0000 0127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
        ("4111 1111 1111 1111", "card_declined", "test_mode_live_card", "that isn't a test card"),
    ],
)
def test_a_declined_card_leaves_the_session_open(
    client: Client,
    sandbox: RunningSandbox,
    shopper: Shopper,
    receiver: Receiver,
    number: str,
    code: str,
    decline: str,
    message: str,
) -> None:
    session = opened(client)
    page = shopper.pay(session.url, number, name="Bob Builder")
    assert page.status == 422
    assert message in page
    assert "Nothing was taken" in page
    kept = [page.value(name) for name in ("email", "number", "expiry", "name", "cvc")]
    assert kept == ["bob@example.com", number, "12 / 34", "Bob Builder", ""]
    declined = looked_up(client, session.id)
    error = declined.payment_intent.last_payment_error
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert declined.payment_intent.status == "requires_payment_method"
    assert (error.type, error.code, error.decline_code) == ("card_error", code, decline)
    assert declined.payment_intent.latest_charge.balance_transaction is None
    sandbox.drain()
    assert receiver.types == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


def test_a_real_card_number_is_not_kept(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    shopper.pay(opened(client).url, "4111 1111 1111 1111")
    kept = b"".join(path.read_bytes() for path in sandbox.parts.store.path.parent.glob("sandbox.db*"))
    assert b"payment_intent.payment_failed" in kept
    assert b"4111111111111111" not in kept


def test_after_a_declined_card_another_one_works(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    assert shopper.pay(session.url, "4000000000000002").status == 422
    tried = looked_up(client, session.id).payment_intent
    assert shopper.pay(session.url).status == 303
    paid = looked_up(client, session.id)
    assert (paid.payment_status, paid.payment_intent.id) == ("paid", tried.id)
    assert paid.payment_intent.last_payment_error is None
    charges = client.v1.charges.list({"payment_intent": tried.id})
    assert [charge.status for charge in charges.data] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"number": "4242 4242 4242 4241"}, "number", "Your card number is invalid."),
        ({"number": ""}, "number", "Type the number"),
        ({"number": "four two"}, "number", "Your card number is invalid."),
        ({"expiry": "12 / 20"}, "expiry", "in the past"),
        ({"expiry": "13 / 34"}, "expiry", "Type the month"),
        ({"expiry": "soon"}, "expiry", "Type the month"),
        ({"expiry": "12 / 2099"}, "expiry", "year is invalid"),
        ({"cvc": "12"}, "cvc", "Type the 3 digits"),
        ({"number": "378282246310005", "cvc": "123"}, "cvc", "Type the 4 digits"),
        ({"email": "bob"}, "email", "Type your e-mail"),
    ],
)
def test_what_is_mistyped_is_said_beside_its_field(
    client: Client, shopper: Shopper, typed: dict[str, str], field: str, sentence: str
) -> None:
    session = opened(client)
    page = shopper.send(
        session.url,
        **({"email": "b@example.com", "number": "4242424242424242", "expiry": "1/40", "cvc": "123"} | typed),
    )
    assert page.status == 422
    assert f'aria-describedby="{field}-error"' in page.html
    assert sentence in page.html.replace("&#39;", "'").split(f'id="{field}-error"', 1)[1].split("</p>", 1)[0]
    assert looked_up(client, session.id).payment_intent is None


@pytest.mark.parametrize("expiry", ["12/34", "1234", "12 - 2034", " 1 / 35 "])
def test_an_expiry_may_be_typed_as_people_do(client: Client, shopper: Shopper, expiry: str) -> None:
    assert shopper.pay(opened(client).url, expiry=expiry).status == 303


def test_without_script_a_choice_fills_what_is_blank(client: Client, shopper: Shopper) -> None:
    url = opened(client).url
    chosen = {"email": "bob@example.com", "number": "", "expiry": "", "cvc": "", "shown": ""}
    declined = shopper.send(url, **chosen, choice="4000000000000002")
    assert declined.status == 422
    shown = declined.value("number")
    again = chosen | {"number": shown, "shown": declined.value("shown"), "expiry": "12 / 34"}
    assert shopper.send(url, **again, choice="4242424242424242").status == 303


def test_a_typed_number_wins_over_the_choice(client: Client, shopper: Shopper) -> None:
    page = shopper.pay(opened(client).url, "4000000000000002", choice="4242424242424242", shown="")
    assert page.status == 422


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


def test_a_form_sent_many_times_at_once_pays_once(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: shopper.pay(session.url), range(8)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    charges = client.v1.charges.list({"payment_intent": looked_up(client, session.id).payment_intent.id})
    assert [charge.status for charge in charges.data] == ["succeeded"]


def test_a_complete_session_says_so(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    shopper.pay(session.url)
    page = shopper.open(session.url)
    assert (page.status, "This order is complete." in page) == (200, True)
    assert shopper.pay(session.url).location.startswith("http://shop.test/checkout/success")


def test_a_session_expires_by_the_clock(
    client: Client, sandbox: RunningSandbox, shopper: Shopper, receiver: Receiver
) -> None:
    session = opened(client)
    sandbox.move_clock(24 * 60 * 60)
    page = shopper.open(session.url)
    assert (page.status, "can no longer be paid" in page) == (200, True)
    assert shopper.pay(session.url).location == f"/c/pay/{session.id}"
    assert looked_up(client, session.id).status == "expired"
    sandbox.drain()
    assert receiver.types == ["checkout.session.expired"]


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


def test_what_costs_nothing_asks_for_no_card(client: Client, shopper: Shopper) -> None:
    session = opened(client, line_items=[line(0)])
    page = shopper.open(session.url)
    assert ("Complete order" in page, "Card number" in page) == (True, False)
    assert shopper.send(session.url, email="bob@example.com").status == 303
    done = looked_up(client, session.id)
    assert (done.payment_status, done.payment_intent) == ("no_payment_required", None)


def test_a_customer_is_made_when_asked_for(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    session = opened(client, customer_creation="always")
    sandbox.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert paid.customer.email == "bob@example.com"
    sandbox.drain()
    assert "customer.created" in receiver.types


def test_the_payment_page_shows_the_order(client: Client, shopper: Shopper) -> None:
    session = opened(
        client,
        line_items=[line(1200, quantity=2)],
        custom_text={"submit": {"message": "Seven days to ask for a refund."}},
    )
    page = shopper.open(session.url)
    for text in (
        "Interview Room",
        "Version 3.2",
        "2 at $12.00 each",
        "Total due",
        "Pay $24.00",
        "Seven days",
    ):
        assert text in page
    assert 'src="http://shop.test/covers/interview-room.webp"' in page.html
    assert f'href="{CANCEL}"' in page.html
    assert page.value("email") == "bob@example.com"


def test_what_the_shop_sends_is_not_trusted_as_markup(client: Client, shopper: Shopper) -> None:
    session = opened(client, line_items=[line(name="<script>alert(1)</script>")])
    page = shopper.open(session.url)
    assert "<script>alert" not in page.html
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_a_session_that_is_not_there_is_404(sandbox: RunningSandbox, shopper: Shopper) -> None:
    for address in ("/c/pay/cs_test_no", "/c/pay/cs_test_no/authenticate", "/receipts/ch_no"):
        assert shopper.open(sandbox.url + address).status == 404


def test_the_receipt_shows_what_was_paid_and_given_back(
    client: Client, sandbox: RunningSandbox, shopper: Shopper
) -> None:
    session = opened(client)
    sandbox.pay(session.id)
    charge = looked_up(client, session.id).payment_intent.latest_charge
    client.v1.refunds.create({"charge": charge.id, "amount": 400})
    page = shopper.open(charge.receipt_url)
    for text in ("$24.00", "Visa ending 4242", "Interview Room", "-$4.00", "$20.00"):
        assert text in page
