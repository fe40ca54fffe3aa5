"""Events reach the shop: signed, again until they are taken, and as badly as the control room wants."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import requests
import stripe

from storefront.sandbox.server import RunningSandbox, start
from storefront.sandbox.settings import Settings
from tests.sandbox.conftest import Client, stripe_client
from tests.sandbox.deeds import deed, look
from tests.sandbox.orders import order
from tests.sandbox.receiver import Receiver


def something_happens(client: Client) -> str:
    """One event: a session is expired. Gives the session's id."""
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id)
    return str(session.id)


def turn(sandbox: RunningSandbox, path: str, **values: Any) -> Any:
    """Do something in the control room that must be possible."""
    answer = deed(sandbox, path, **values)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_events_are_signed_with_real_time(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    sandbox.move_clock(7 * 24 * 60 * 60)
    something_happens(client)
    assert sandbox.drain() == 1
    event = receiver.events[0]
    signed_at = int(receiver.signatures[0].split(",")[0].removeprefix("t="))
    assert abs(signed_at - time.time()) < 60
    assert event["created"] - signed_at > 6 * 24 * 60 * 60
    assert (event["api_version"], event["livemode"]) == ("2026-05-27.dahlia", False)


def test_an_event_names_the_request_it_came_from(client: Client) -> None:
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire-1"})
    event = client.v1.events.list().data[0]
    assert event.request.idempotency_key == "expire-1"
    assert event.request.id.startswith("req_")
    assert client.v1.events.retrieve(event.id).data.object.id == session.id


def test_what_is_not_taken_comes_again_later_and_later(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    receiver.answers.extend([500, 404, 302])
    something_happens(client)
    assert sandbox.drain() == 1
    event = client.v1.events.list().data[0]
    assert event.pending_webhooks == 1
    for delay in (1, 2, 4):
        sandbox.move_clock(delay + 1)
        assert sandbox.drain() == 1
    sandbox.move_clock(24 * 60 * 60)
    assert sandbox.drain() == 0
    assert [each["id"] for each in receiver.events] == [event.id] * 4
    assert client.v1.events.retrieve(event.id).pending_webhooks == 0


def test_nobody_there_is_tried_again(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    turn(sandbox, "webhooks", hold=True)
    something_happens(client)
    receiver.close()
    turn(sandbox, "webhooks/release")
    assert sandbox.drain() == 1
    delivery = look(sandbox, "events")[0]["deliveries"][0]
    assert (delivery["state"], delivery["attempts"]) == ("waiting", 1)
    assert delivery["answer"].startswith("No answer")


def test_events_are_listed_and_filtered(client: Client, sandbox: RunningSandbox) -> None:
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    types = [event.type for event in client.v1.events.list().data]
    assert types == [
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.succeeded",
        "payment_intent.created",
    ]
    assert [each.type for each in client.v1.events.list({"type": "charge.*"}).data] == ["charge.succeeded"]
    chosen = client.v1.events.list({"types": ["charge.succeeded", "payment_intent.created"]})
    assert [each.type for each in chosen.data] == types[2:]
    assert client.v1.events.list({"delivery_success": True}).data == []
    sandbox.drain()
    assert len(client.v1.events.list({"delivery_success": True}).data) == 4


def test_endpoints_made_over_the_api_get_what_they_asked_for(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    made = client.v1.webhook_endpoints.create({"url": f"{receiver.url}/second", "enabled_events": ["charge.succeeded"]})
    receiver.secret = made.secret
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    assert sandbox.drain() == 5
    assert receiver.types == ["charge.succeeded"]
    assert "secret" not in client.v1.webhook_endpoints.retrieve(made.id).to_dict()
    assert len(client.v1.webhook_endpoints.list().data) == 2
    assert client.v1.webhook_endpoints.delete(made.id).deleted
    with pytest.raises(stripe.InvalidRequestError, match="No such webhook endpoint"):
        client.v1.webhook_endpoints.retrieve(made.id)


def test_held_events_come_in_reverse_order(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    turn(sandbox, "webhooks", hold=True)
    sandbox.pay(client.v1.checkout.sessions.create(order()).id)
    assert sandbox.drain() == 0
    assert turn(sandbox, "webhooks/release", order="reversed") == {"released": 4}
    assert turn(sandbox, "webhooks/drain") == {"sent": 4}
    assert receiver.types == [event.type for event in client.v1.events.list().data]
    something_happens(client)
    assert sandbox.drain() == 1


def test_the_next_events_are_dropped_and_can_be_sent_after_all(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    turn(sandbox, "webhooks", drop=1)
    something_happens(client)
    kept = something_happens(client)
    sandbox.drain()
    assert [event["data"]["object"]["id"] for event in receiver.events] == [kept]
    dropped = client.v1.events.list().data[-1]
    assert dropped.pending_webhooks == 1
    assert turn(sandbox, f"events/{dropped.id}/deliver", copies=3) == {"queued": 3}
    sandbox.drain()
    assert [event["id"] for event in receiver.events][1:] == [dropped.id] * 3


def test_events_may_come_twice_and_late(client: Client, sandbox: RunningSandbox, receiver: Receiver) -> None:
    assert turn(sandbox, "webhooks", copies=2, late=60) == {"hold": False, "drop": 0, "copies": 2, "late": 60}
    something_happens(client)
    assert sandbox.drain() == 0
    sandbox.move_clock(61)
    assert sandbox.drain() == 2
    assert len({event["id"] for event in receiver.events}) == 1


def test_the_payment_page_can_ask_for_twice_and_late(
    client: Client, sandbox: RunningSandbox, receiver: Receiver
) -> None:
    session = client.v1.checkout.sessions.create(order())
    fields = {"email": "b@example.com", "number": "4242424242424242", "expiry": "1/40", "cvc": "123"}
    requests.post(session.url, data=fields | {"twice_and_late": "on"}, allow_redirects=False, timeout=10)
    assert sandbox.drain() == 0
    sandbox.move_clock(6)
    assert sandbox.drain() == 8
    assert receiver.types.count("checkout.session.completed") == 2


def test_the_thread_delivers_on_its_own(settings: Settings, receiver: Receiver) -> None:
    with closing(start(settings, deliver=True)) as running:
        something_happens(stripe_client(running.url))
        assert receiver.wait_for(1)
    assert receiver.types == ["checkout.session.expired"]


def test_without_an_endpoint_what_waited_is_dropped(settings: Settings) -> None:
    with closing(start(settings)) as told:
        something_happens(stripe_client(told.url))
    with closing(start(replace(settings, webhook_url=""))) as untold:
        assert untold.drain() == 0
        assert look(untold, "events")[0]["deliveries"][0]["state"] == "dropped"


def test_the_endpoint_of_the_settings_is_not_doubled_by_a_restart(settings: Settings) -> None:
    start(settings).close()
    with closing(start(replace(settings, webhook_url="http://127.0.0.1:9/elsewhere"))) as moved:
        endpoints = stripe_client(moved.url).v1.webhook_endpoints.list().data
    assert [endpoint.url for endpoint in endpoints] == ["http://127.0.0.1:9/elsewhere"]


def test_news_without_end_does_not_keep_a_retry_waiting(settings: Settings, receiver: Receiver) -> None:
    """Each delivery is the cause of the next event, and lets the seconds pass that make the retry due."""
    receiver.answers.append(500)
    over = threading.Event()
    with closing(start(settings, deliver=True)) as running:
        client = stripe_client(running.url)

        def go_on() -> None:
            if was_retried() or len(receiver.events) == 20:
                over.set()
            else:
                turn(running, "clock", advance=2)
                something_happens(client)

        def was_retried() -> bool:
            return [event["id"] for event in receiver.events].count(receiver.events[0]["id"]) == 2

        receiver.on_event = go_on
        something_happens(client)
        assert over.wait(60)

    assert was_retried()
