"""The shop gives money back: wholly, partly, slowly, in vain."""

from __future__ import annotations

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order
from tests.sandbox.receiver import Receiver


def paid_intent(client: Client, sandbox: RunningSandbox, number: str = "4242424242424242") -> str:
    """The id of the payment intent of a paid session."""
    session = client.v1.checkout.sessions.create(order())
    sandbox.pay(session.id, number)
    return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)


def test_the_whole_amount(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    intent = paid_intent(client, sandbox)
    refund = client.v1.refunds.create(
        {
            "payment_intent": intent,
            "reason": "requested_by_customer",
            "expand": ["charge", "balance_transaction"],
        }
    )
    assert (refund.status, refund.amount, refund.reason) == ("succeeded", 2400, "requested_by_customer")
    assert (refund.charge.refunded, refund.charge.amount_refunded) == (True, 2400)
    assert (refund.balance_transaction.net, refund.balance_transaction.fee) == (-2400, 0)
    assert client.v1.refunds.list({"payment_intent": intent}).data[0].id == refund.id
    sandbox.drain()
    assert receiver.types[-2:] == ["refund.created", "charge.refunded"]
    money = look(sandbox, "money")
    assert money == {"customers": {"usd": 0}, "platform": {"usd": -100}, "stripe": {"usd": 100}}


def test_parts_until_nothing_is_left(client: Client, sandbox: RunningSandbox) -> None:
    intent = paid_intent(client, sandbox)
    for amount in (400, 1000):
        assert client.v1.refunds.create({"payment_intent": intent, "amount": amount}).amount == amount
    with pytest.raises(stripe.InvalidRequestError, match=r"\$11.00.*greater than unrefunded.*\$10.00"):
        client.v1.refunds.create({"payment_intent": intent, "amount": 1100})
    assert client.v1.refunds.create({"payment_intent": intent}).amount == 1000
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent})
    assert refusal.value.code == "charge_already_refunded"
    charge = client.v1.charges.list({"payment_intent": intent, "expand": ["data.refunds"]}).data[0]
    assert [refund.amount for refund in charge.refunds.data] == [1000, 1000, 400]


def test_only_what_was_paid_can_be_refunded(client: Client, sandbox: RunningSandbox) -> None:
    session = client.v1.checkout.sessions.create(order())
    sandbox.pay(session.id, "4000000000000002")
    declined = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).payment_intent
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": declined.id})
    assert refusal.value.code == "payment_intent_unexpected_state"
    with pytest.raises(stripe.InvalidRequestError, match="has not succeeded"):
        client.v1.refunds.create({"charge": declined.latest_charge})
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        client.v1.refunds.create({"charge": "ch_no"})
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        client.v1.refunds.create({"amount": 100})


def test_connect_refunds_need_a_connect_charge(client: Client, sandbox: RunningSandbox) -> None:
    intent = paid_intent(client, sandbox)
    for flag in ("reverse_transfer", "refund_application_fee"):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create({"payment_intent": intent, flag: True})
        assert refusal.value.param == flag


def test_a_slow_refund_arrives_later(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid_intent(client, sandbox, "4000000000007726")})
    assert (refund.status, refund.balance_transaction) == ("pending", None)
    sandbox.move_clock(60 * 60)
    arrived = client.v1.refunds.retrieve(refund.id, {"expand": ["balance_transaction"]})
    assert (arrived.status, arrived.balance_transaction.amount) == ("succeeded", -2400)
    sandbox.drain()
    assert receiver.types[-2:] == ["refund.updated", "charge.refund.updated"]


def test_a_refund_may_fail_later_and_the_money_returns(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    intent = paid_intent(client, sandbox, "4000000000005126")
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "succeeded"
    deed(sandbox, f"refunds/{refund.id}/settle")
    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["charge", "failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert (failed.charge.refunded, failed.charge.amount_refunded) == (False, 0)
    assert failed.failure_balance_transaction.net == 2400
    sandbox.drain()
    assert receiver.types[-2:] == ["refund.failed", "charge.refund.updated"]


def test_the_control_room_refunds(client: Client, sandbox: RunningSandbox) -> None:
    intent = paid_intent(client, sandbox)
    charge = client.v1.payment_intents.retrieve(intent).latest_charge
    assert deed(sandbox, f"charges/{charge}/refund", amount=400).json()["amount"] == 400
    assert deed(sandbox, f"charges/{charge}/refund").json()["amount"] == 2000
    again = deed(sandbox, f"charges/{charge}/refund")
    assert (again.status_code, again.json()["error"]) == (422, f"Charge {charge} has already been refunded.")


def test_the_control_room_says_how_refunds_go(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    deed(sandbox, "refunds", habit="fail").raise_for_status()
    refund = client.v1.refunds.create({"payment_intent": paid_intent(client, sandbox)})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")

    sandbox.move_clock(60 * 60)

    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["charge"]})
    assert (failed.status, failed.balance_transaction, failed.charge.amount_refunded) == ("failed", None, 0)
    sandbox.drain()
    assert receiver.types[-2:] == ["refund.failed", "charge.refund.updated"]
    assert look(sandbox, "money")["platform"] == {"usd": 2300}
    assert deed(sandbox, "refunds", habit="sometimes").status_code == 422


def test_a_pending_refund_ends_as_the_control_room_says(client: Client, sandbox: RunningSandbox) -> None:
    deed(sandbox, "refunds", habit="pending").raise_for_status()
    first, second = (
        client.v1.refunds.create({"payment_intent": paid_intent(client, sandbox)}).id for _ in range(2)
    )  # fmt: skip
    deed(sandbox, f"refunds/{first}/settle", outcome="fails").raise_for_status()
    deed(sandbox, f"refunds/{second}/settle").raise_for_status()

    assert [client.v1.refunds.retrieve(each).status for each in (first, second)] == ["failed", "succeeded"]
    deed(sandbox, "refunds", habit="").raise_for_status()
    assert client.v1.refunds.create({"payment_intent": paid_intent(client, sandbox)}).status == "succeeded"


def test_metadata_of_a_refund_is_changed_and_told(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid_intent(client, sandbox), "metadata": {"asked": "bob"}})
    changed = client.v1.refunds.update(refund.id, {"metadata": {"order": "ord_1"}})
    assert changed.metadata.to_dict() == {"asked": "bob", "order": "ord_1"}
    sandbox.drain()
    assert receiver.types[-1] == "charge.refund.updated"
