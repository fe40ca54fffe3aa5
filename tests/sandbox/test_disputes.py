"""A cardholder disputes a payment: won, lost, given up, or only asked about."""

from __future__ import annotations

import pytest
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.connect import balance
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order
from tests.sandbox.receiver import Receiver

DISPUTED, ASKED_ABOUT = "4000000000000259", "4000000000001976"
PAID = 2400 - 100


def disputed(client: Client, sandbox: RunningSandbox, card: str = DISPUTED) -> str:
    """The id of the dispute of a payment of $24.00."""
    sandbox.pay(client.v1.checkout.sessions.create(order()).id, card)
    return str(client.v1.disputes.list().data[0].id)


def test_the_money_is_gone_while_it_is_open(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    dispute = client.v1.disputes.retrieve(disputed(client, sandbox), {"expand": ["charge"]})

    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 2400)
    assert dispute.charge.disputed
    assert [(each.type, each.net) for each in dispute.balance_transactions] == [("adjustment", -3900)]
    assert sum(balance(client)) == PAID - 2400 - 1500
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": dispute.charge.id})
    assert refusal.value.code == "charge_disputed"
    sandbox.drain()
    assert receiver.types[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_won_brings_the_money_and_the_fee_back(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    id = disputed(client, sandbox)

    answered = client.v1.disputes.update(id, {"evidence": {"uncategorized_text": "winning_evidence"}})

    assert (answered.status, answered.evidence_details.submission_count) == ("under_review", 1)
    sandbox.move_clock(5)
    won = client.v1.disputes.retrieve(id)
    assert (won.status, [each.net for each in won.balance_transactions]) == ("won", [-3900, 3900])
    assert sum(balance(client)) == PAID
    sandbox.drain()
    assert receiver.types[-3:] == [
        "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_reinstated",
    ]  # fmt: skip


def test_lost_keeps_both(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    id = disputed(client, sandbox)
    client.v1.disputes.update(id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    sandbox.move_clock(5)

    lost = client.v1.disputes.retrieve(id)

    assert lost.status == "lost"
    assert sum(balance(client)) == PAID - 3900
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"charge": lost.charge})
    sandbox.drain()
    assert receiver.types[-1] == "charge.dispute.closed"


def test_evidence_can_be_kept_without_handing_it_in(client: Client, sandbox: RunningSandbox) -> None:
    id = disputed(client, sandbox)

    kept = client.v1.disputes.update(id, {"evidence": {"product_description": "A pack of prompts"}, "submit": False})

    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    assert kept.evidence.product_description == "A pack of prompts"
    assert client.v1.disputes.update(id, {"evidence": {"customer_name": "Bob"}}).status == "under_review"


def test_the_control_room_decides(client: Client, sandbox: RunningSandbox) -> None:
    id = disputed(client, sandbox)
    client.v1.disputes.update(id, {"evidence": {"product_description": "A pack of prompts"}})
    sandbox.move_clock(60)
    assert client.v1.disputes.retrieve(id).status == "under_review"

    assert deed(sandbox, f"disputes/{id}/close", outcome="won").json()["status"] == "won"
    assert deed(sandbox, f"disputes/{id}/close", outcome="lost").status_code == 422
    assert [each["status"] for each in look(sandbox, "disputes")] == ["won"]


def test_who_does_not_answer_in_time_has_lost(client: Client, sandbox: RunningSandbox) -> None:
    id = disputed(client, sandbox)
    sandbox.move_clock(10 * 86400)
    assert client.v1.disputes.retrieve(id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.update(id, {"evidence": {"customer_name": "Bob"}})


def test_giving_in(client: Client, sandbox: RunningSandbox) -> None:
    id = disputed(client, sandbox)
    assert client.v1.disputes.close(id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.close(id)


def test_an_inquiry_takes_no_money_until_it_is_escalated(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    id = disputed(client, sandbox, ASKED_ABOUT)
    asked = client.v1.disputes.retrieve(id, {"expand": ["charge"]})
    assert (asked.status, asked.is_charge_refundable, asked.charge.disputed) == ("warning_needs_response", True, False)
    assert sum(balance(client)) == PAID

    assert deed(sandbox, f"disputes/{id}/escalate").json()["status"] == "needs_response"

    assert sum(balance(client)) == PAID - 3900
    assert deed(sandbox, f"disputes/{id}/escalate").status_code == 422
    sandbox.drain()
    assert receiver.types[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


def test_an_inquiry_may_just_close(client: Client, sandbox: RunningSandbox) -> None:
    id = disputed(client, sandbox, ASKED_ABOUT)
    sandbox.move_clock(10 * 86400)
    assert client.v1.disputes.retrieve(id).status == "warning_closed"
    assert sum(balance(client)) == PAID


def test_any_card_payment_can_be_disputed_once(client: Client, sandbox: RunningSandbox) -> None:
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    charge = client.v1.charges.list().data[0].id
    client.v1.refunds.create({"charge": charge, "amount": 400})

    assert deed(sandbox, f"charges/{charge}/dispute", reason="product_not_received").json()["amount"] == 2000

    assert deed(sandbox, f"charges/{charge}/dispute").status_code == 422
    assert deed(sandbox, "charges/ch_no/dispute").status_code == 404
