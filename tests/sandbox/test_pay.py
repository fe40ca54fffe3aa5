"""Somebody pays on the hosted page, with cards that work and cards that don't."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import look
from tests.sandbox.orders import line, looked_up, opened
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper

_PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def test_a_card_that_works(client: Client, sandbox: RunningSandbox, shopper: Shopper, receiver: Receiver) -> None:
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


def test_a_form_sent_many_times_at_once_pays_once(client: Client, shopper: Shopper) -> None:
    session = opened(client)
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: shopper.pay(session.url), range(8)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    charges = client.v1.charges.list({"payment_intent": looked_up(client, session.id).payment_intent.id})
    assert [charge.status for charge in charges.data] == ["succeeded"]


def test_what_costs_nothing_asks_for_no_card(client: Client, shopper: Shopper) -> None:
    session = opened(client, line_items=[line(0)])
    page = shopper.open(session.url)
    assert ("Complete order" in page, "Card number" in page) == (True, False)
    assert shopper.send(session.url, email="bob@example.com").status == 303
    done = looked_up(client, session.id)
    assert (done.payment_status, done.payment_intent) == ("no_payment_required", None)


def test_a_customer_is_made_when_asked_for(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    session = opened(client, customer_creation="always")
    sandbox.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert paid.customer.email == "bob@example.com"
    sandbox.drain()
    assert "customer.created" in receiver.types
