"""The control room: the page, the clock, the faults, and the same as JSON."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
import stripe

from storefront.sandbox.pages.chrome import card_number, span
from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import Client
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order
from tests.sandbox.shopper import Shopper


def test_the_clock_goes_forward_and_never_back(sandbox: RunningSandbox) -> None:
    before = look(sandbox, "clock")
    assert before["offset"] == 0
    assert deed(sandbox, "clock", advance=3600).json()["offset"] == 3600
    later = before["now"] + 3 * 86400
    assert deed(sandbox, "clock", now=later).json()["now"] >= later
    for wrong in ({"advance": -60}, {"advance": 0}, {"now": before["now"]}, {"advance": "soon"}, {}):
        refused = deed(sandbox, "clock", **wrong)
        assert refused.status_code == 422
        assert refused.json()["error"].endswith(".")


def test_the_page_shows_payments_and_events(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    empty = shopper.open(sandbox.url)
    for text in ("<title>Sandbox</title>", "No payments yet", "Nothing has happened yet", "Real time"):
        assert text in empty
    paid, opened = (client.v1.checkout.sessions.create(order()) for _ in range(2))
    sandbox.pay(paid.id)
    sandbox.drain()
    page = shopper.open(sandbox.url)
    for text in ("Interview Room", "Refund $24.00", "Delivered", "checkout.session.completed", "$23.00"):
        assert text in page
    assert f'href="{opened.url}"' in page.html


def test_a_deed_on_the_page_leads_back_to_it(sandbox: RunningSandbox, shopper: Shopper) -> None:
    moved = shopper.send(f"{sandbox.url}/_sandbox/clock", advance="86400")
    assert (moved.status, moved.location) == (303, "/#clock")
    assert "1 day ahead of real time" in shopper.open(sandbox.url)
    refused = shopper.send(f"{sandbox.url}/_sandbox/clock", advance="-5")
    assert (refused.status, "The clock moves forward" in refused) == (422, True)


def test_every_form_on_the_page_leads_somewhere(client: Client, sandbox: RunningSandbox, shopper: Shopper) -> None:
    client.v1.checkout.sessions.create(order())
    paid = client.v1.checkout.sessions.create(order())
    sandbox.pay(paid.id, "4000000000007726")
    deed(sandbox, "webhooks", hold=True)
    deed(sandbox, "faults", kind="slow", seconds=1)
    page = shopper.open(sandbox.url)
    rules = sandbox.app.url_map.bind("localhost")
    actions = set(re.findall(r'action="([^"]+)"', page.html))
    assert len(actions) >= 9
    for action in actions:
        assert rules.match(action, method="POST")


def test_other_sites_can_do_nothing_here(sandbox: RunningSandbox) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = requests.post(f"{sandbox.url}/_sandbox/reset", headers=headers, timeout=10)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("sessions/cs_test_no/pay", {}, 404),
        ("sessions/cs_test_no/expire", {}, 404),
        ("charges/ch_no/refund", {}, 404),
        ("refunds/re_no/settle", {}, 404),
        ("events/evt_no/deliver", {}, 404),
        ("webhooks", {"drop": -1}, 422),
        ("webhooks", {"copies": 0}, 422),
        ("webhooks", {"late": 90000}, 422),
        ("faults", {"kind": "fire"}, 422),
        ("faults", {"kind": "slow", "seconds": 3600}, 422),
        ("faults", {"kind": "error", "method": "PATCH"}, 422),
    ],
)
def test_what_cannot_be_done_is_said(sandbox: RunningSandbox, path: str, values: dict[str, Any], status: int) -> None:
    refused = deed(sandbox, path, **values)
    assert refused.status_code == status
    assert refused.json()["error"]


def test_paying_without_a_browser(client: Client, sandbox: RunningSandbox) -> None:
    session = client.v1.checkout.sessions.create(order())
    address = f"sessions/{session.id}/pay"
    assert deed(sandbox, address, card="4000000000000002").json() == {
        "state": "declined",
        "message": "Your card was declined.",
        "code": "card_declined",
    }
    assert deed(sandbox, address, card="4000002500003155", answer="fail").json()["state"] == "declined"
    assert deed(sandbox, address, card="4242").status_code == 422
    assert deed(sandbox, address, card="4000002500003155").json()["state"] == "paid"
    assert deed(sandbox, address).json()["error"] == "That session is complete."
    states = [each["state"] for each in look(sandbox, "payments")]
    assert states == ["paid"]


@pytest.mark.parametrize(
    ("kind", "error", "made"),
    [
        ("error", stripe.APIError, 0),
        ("error_after", stripe.APIError, 1),
        ("rate_limit", stripe.RateLimitError, 0),
        ("down", stripe.APIConnectionError, 0),
        ("lost", stripe.APIConnectionError, 1),
    ],
)
def test_bad_luck_on_order(
    client: Client,
    sandbox: RunningSandbox,
    kind: str,
    error: type[stripe.StripeError],
    made: int,
) -> None:
    deed(sandbox, "faults", kind=kind)
    with pytest.raises(error):
        client.v1.checkout.sessions.create(order())
    assert len(client.v1.checkout.sessions.list().data) == made
    assert client.v1.checkout.sessions.create(order()).status == "open"


def test_bad_luck_for_reads_only(client: Client, sandbox: RunningSandbox) -> None:
    deed(sandbox, "faults", kind="error", method="GET", times=2)
    session = client.v1.checkout.sessions.create(order())
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.checkout.sessions.retrieve(session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).id == session.id


def test_bad_luck_can_be_called_off(client: Client, sandbox: RunningSandbox) -> None:
    deed(sandbox, "faults", kind="error", times=5)
    waiting = look(sandbox, "faults")
    assert waiting == [{"kind": "error", "times": 5, "seconds": 0.0, "method": "POST"}]
    deed(sandbox, "faults/clear")
    assert client.v1.checkout.sessions.create(order()).status == "open"


def test_forgetting_everything_keeps_the_endpoint(client: Client, sandbox: RunningSandbox) -> None:
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    sandbox.move_clock(3600)
    assert deed(sandbox, "reset").status_code == 200
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.events.list().data == []
    assert look(sandbox, "clock")["offset"] == 0
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id)
    assert sandbox.drain() == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3600, "1 hour"), (2 * 86400 + 3 * 3600 + 5, "2 days, 3 hours"), (61, "1 minute, 1 second")],
)
def test_spans_are_said_in_two_units(seconds: int, text: str) -> None:
    assert span(seconds) == text


def test_numbers_are_grouped_as_on_the_card() -> None:
    assert card_number("4242424242424242") == "4242 4242 4242 4242"
    assert card_number("378282246310005") == "3782 822463 10005"
