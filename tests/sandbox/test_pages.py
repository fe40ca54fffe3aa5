"""What the payment page shows, and what is there when nothing can be paid."""

from __future__ import annotations

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.orders import CANCEL, line, looked_up, opened
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper


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
