"""The same request twice is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from storefront.sandbox.server import RunningSandbox
from tests.sandbox.conftest import KEY, Client, Transport, stripe_client
from tests.sandbox.deeds import deed
from tests.sandbox.orders import order

_HEADERS = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "order-1-attempt-1"}


def create(client: Client, key: str = "order-1-attempt-1", **more: Any) -> Any:
    """Open a session under a key."""
    return client.v1.checkout.sessions.create(order(**more), {"idempotency_key": key})


def code_of(refusal: stripe.StripeError) -> str:
    """The code in the answer's body; the SDK drops it from some kinds of errors."""
    body: Any = refusal.json_body
    return str(body["error"]["code"])


def test_the_first_answer_is_given_again(client: Client, transport: Transport) -> None:
    first = create(client)
    original = transport.headers["Request-Id"]
    again = create(client)
    assert again.to_dict() == first.to_dict()
    assert transport.headers["Idempotent-Replayed"] == "true"
    assert transport.headers["Original-Request"] == original != transport.headers["Request-Id"]
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_a_replay_shows_what_was_even_if_it_changed(client: Client) -> None:
    session = create(client)
    client.v1.checkout.sessions.expire(session.id)
    assert create(client).status == "open"
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_another_request_under_the_same_key_is_refused(client: Client) -> None:
    create(client)
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as refusal:
        create(client, client_reference_id="ord_2")
    assert refusal.value.http_status == 400


def test_keys_are_forgotten_after_a_day(client: Client, sandbox: RunningSandbox) -> None:
    first = create(client)
    sandbox.move_clock(24 * 60 * 60)
    assert create(client).id != first.id


def test_what_failed_validation_is_not_kept(client: Client) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(client, mode="gift")
    assert create(client).status == "open"


def test_what_was_refused_while_working_is_kept(client: Client, transport: Transport) -> None:
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id)
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="`expired`"):
            client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire-1"})
    assert transport.headers["Idempotent-Replayed"] == "true"


def test_a_server_error_is_kept_too(client: Client, sandbox: RunningSandbox) -> None:
    deed(sandbox, "faults", kind="error_after")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as refusal:
            create(client)
        assert refusal.value.http_status == 500
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_a_lost_answer_is_found_again(client: Client, sandbox: RunningSandbox) -> None:
    deed(sandbox, "faults", kind="lost")
    with pytest.raises(stripe.APIConnectionError):
        create(client)
    assert create(client).id == client.v1.checkout.sessions.list().data[0].id
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_while_the_first_request_runs_the_second_is_told_to_wait(client: Client, sandbox: RunningSandbox) -> None:
    faults = sandbox.parts.faults
    deed(sandbox, "faults", kind="pause")
    with ThreadPoolExecutor(1) as other:
        first = other.submit(create, stripe_client(sandbox.url))
        assert faults.paused.wait(10)
        with pytest.raises(stripe.APIError) as refusal:
            create(client)
        assert (refusal.value.http_status, code_of(refusal.value)) == (
            409,
            "idempotency_key_in_use",
        )
        deed(sandbox, "faults/clear")
        opened = first.result()
    assert create(client).id == opened.id


def test_many_at_once_make_one(sandbox: RunningSandbox, client: Client) -> None:
    patient = stripe.StripeClient(KEY, stripe_version="2026-05-27.dahlia", base_addresses={"api": sandbox.url})

    def attempt(_: int) -> str:
        try:
            return str(create(patient).id)
        except stripe.APIError as refusal:
            return code_of(refusal)

    with ThreadPoolExecutor(8) as hands:
        answers = set(hands.map(attempt, range(8)))
    assert answers - {"idempotency_key_in_use"} == {each.id for each in client.v1.checkout.sessions.list().data}
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_a_key_that_is_too_long_is_refused(sandbox: RunningSandbox) -> None:
    answer = requests.post(f"{sandbox.url}/v1/customers", headers=_HEADERS | {"Idempotency-Key": "k" * 256}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


def test_reads_need_no_key(client: Client, sandbox: RunningSandbox) -> None:
    create(client)
    answer = requests.get(f"{sandbox.url}/v1/checkout/sessions", headers=_HEADERS, timeout=10)
    assert answer.status_code == 200
    assert "Idempotent-Replayed" not in answer.headers
