"""Alice gives a sale back, or decides about a request; carol may do so for everybody, and in parts."""

from __future__ import annotations

from storefront.kit.db import step
from storefront.licenses.models import License
from storefront.licenses.services import freeze
from tests.browser import Browser
from tests.cast import Cast
from tests.letterbox import last_letter
from tests.refunds.acts import NEVER, again, buy, order_of, refunds
from tests.stripe import Stripe
from tests.worlds import make_offer, make_team


def waits(cast: Cast, stripe: Stripe, client: Browser) -> License:
    """A license of bob's whose refund waits for a decision: he asks for the fourth."""
    bought = [buy(cast.bob, make_offer(cast.alice, f"Notes {n}"), stripe, client) for n in range(4)]
    for license in bought:
        client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": "Too short."})
    return bought[3]


def test_alice_gives_a_sale_back_long_after(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    with step():
        again(license).refundable_until = license.granted_at
    order = order_of(license)
    client.as_person(cast.alice)
    assert "Give $12.00 back" in client.get(f"/dashboard/sales/{order.public_id}").text

    answer = client.post(f"/sales/{order.public_id}/refunds", data={"reason": "I am sorry."})

    assert answer.status_code == 303
    assert [(refund.origin, refund.state) for refund in refunds()] == [("creator", "succeeded")]
    assert again(license).status == "refunded"
    assert "I am sorry." in last_letter("bob@example.com").text


def test_alice_grants_what_waits(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = waits(cast, stripe, client)
    client.as_person(cast.alice)
    assert "Decide" in client.get("/dashboard/refunds").text
    refund = refunds()[-1]

    client.post(f"/refunds/{refund.public_id}/decision", data={"verdict": "grant", "answer": ""})

    assert (refunds()[-1].state, again(license).status) == ("succeeded", "refunded")


def test_alice_declines_and_must_say_why(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = waits(cast, stripe, client)
    client.as_person(cast.alice)
    address = f"/refunds/{refunds()[-1].public_id}/decision"

    wrong = client.post(address, data={"verdict": "decline", "answer": " "})
    assert (wrong.status_code, "Write why." in wrong.text) == (422, True)
    right = client.post(address, data={"verdict": "decline", "answer": "You copied all of it."})
    late = client.post(address, data={"verdict": "grant", "answer": ""})

    assert (right.status_code, late.status_code) == (303, 409)
    assert (refunds()[-1].state, again(license).status) == ("declined", "completed")
    assert "You copied all of it." in last_letter("bob@example.com").text
    assert "You copied all of it." in client.as_person(cast.bob).get(f"/library/{license.public_id}").text


def test_a_declined_request_may_be_made_again(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = waits(cast, stripe, client)
    address = f"/refunds/{refunds()[-1].public_id}/decision"
    client.as_person(cast.alice).post(address, data={"verdict": "decline", "answer": "No."})

    client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": "Please."})

    assert [refund.state for refund in refunds()[3:]] == ["declined", "waiting"]


def test_carol_gives_a_part_back_and_then_the_rest(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice, price=999), stripe, client)
    order = order_of(license)
    address = f"/admin/refunds/orders/{order.public_id}"
    client.as_person(cast.carol)

    assert client.post(f"{address}/refunds", data={"amount": "0.01", "reason": "A cent."}).status_code == 303
    assert again(license).status == "completed"
    assert client.post(f"{address}/refunds", data={"amount": "9.98", "reason": "The rest."}).status_code == 303

    assert [(refund.amount, refund.fee, refund.share) for refund in refunds()] == [(1, 0, 1), (998, 149, 849)]
    assert (order_of(license).returned, again(license).status) == (999, "refunded")
    page = client.get(address).text
    assert "A cent." in page
    assert "Give it back" not in page


def test_never_more_than_is_left(cast: Cast, stripe: Stripe, client: Browser) -> None:
    order = order_of(buy(cast.bob, make_offer(cast.alice), stripe, client))
    client.as_person(cast.carol)

    for amount in ("12.01", "0", "-1", "twelve", ""):
        typed = {"amount": amount, "reason": "Too much."}
        answer = client.post(f"/admin/refunds/orders/{order.public_id}/refunds", data=typed)
        assert answer.status_code == 422
        assert "Too much." in answer.text

    assert refunds() == []


def test_nobody_gives_back_what_the_bank_decides_about(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client)
    order = order_of(license)
    with step():
        freeze(again(license))

    by_alice = client.as_person(cast.alice).post(f"/sales/{order.public_id}/refunds", data={"reason": "Sorry."})
    typed = {"amount": "12.00", "reason": "Sorry."}
    by_carol = client.as_person(cast.carol).post(f"/admin/refunds/orders/{order.public_id}/refunds", data=typed)

    assert (by_alice.status_code, by_carol.status_code) == (409, 409)
    assert refunds() == []


def test_carol_notes_what_was_done_about_one_that_failed(cast: Cast, stripe: Stripe, client: Browser) -> None:
    license = buy(cast.bob, make_offer(cast.alice), stripe, client, card=NEVER)
    client.as_person(cast.bob).post(f"/licenses/{license.public_id}/refunds", data={"reason": ""})
    stripe.settle_refund(stripe.refunds()[0]["id"])
    stripe.deliver(client)
    client.as_person(cast.carol)
    refund = refunds()[0]
    assert refund.public_id in client.get(f"/admin/refunds/orders/{order_of(license).public_id}").text

    client.post(f"/admin/refunds/{refund.public_id}/resolution", data={"note": "Paid by transfer."})

    assert refunds()[0].resolved_at is not None
    assert "Paid by transfer." in client.as_person(cast.bob).get(f"/library/{license.public_id}").text


def test_only_the_owner_of_a_team_gives_its_money_back(cast: Cast, stripe: Stripe, client: Browser) -> None:
    erin = cast.person("Erin")
    team = make_team(cast.alice, editor=erin)
    order = order_of(buy(cast.bob, make_offer(cast.alice, into=team), stripe, client))
    address = f"/sales/{order.public_id}/refunds"

    assert client.as_person(erin).get(f"/dashboard/sales/{order.public_id}").status_code == 200
    assert client.post(address, data={"reason": "Sorry."}).status_code == 403
    assert client.as_person(cast.mallory).post(address, data={"reason": "Mine."}).status_code == 404
    assert refunds() == []
