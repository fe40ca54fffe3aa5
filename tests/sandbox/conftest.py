"""A sandbox on a free port, the real SDK that talks to it, and the receiver of its webhooks.

Every answer that the SDK gets and every event that is delivered is held against Stripe's description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import stripe

from storefront.sandbox import API_VERSION
from storefront.sandbox.server import RunningSandbox, start
from storefront.sandbox.settings import Settings
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper
from tests.sandbox.specification import (
    problems_of_answer,
    problems_of_error,
    problems_of_event,
    unknown_parameters,
)

#: The real SDK. Its fields are unions of ids and objects, which would want a check at every dot.
Client: TypeAlias = Any

KEY = "sk_test_of_the_shop"
SECRET = "whsec_of_the_shop"


class CheckedTransport(stripe.RequestsClient):
    """The SDK's own transport; keeps the last answer's headers and checks every answer."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: dict[str, str] = {}

    def request(  # type: ignore[override]  # as its own parent class has it
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send, then hold the answer against the description."""
        body, status, answered = super().request(method, url, headers, post_data)
        self.headers = dict(answered)
        parts = urlsplit(url)
        content = json.loads(body)
        if status >= 400:
            assert problems_of_error(content) == []
        else:
            names = [name for name, _ in parse_qsl(post_data or parts.query, keep_blank_values=True)]
            assert unknown_parameters(method.upper(), parts.path, iter(names)) == []
            assert problems_of_answer(method.upper(), parts.path, content) == []
        return body, status, answered


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The shop's webhook endpoint."""
    listening = Receiver(SECRET)
    yield listening
    listening.close()
    assert [problem for event in listening.events for problem in problems_of_event(event)] == []


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Settings:
    """Settings of a sandbox that tells the receiver."""
    return Settings(
        database=tmp_path / "sandbox.db",
        secret_key=KEY,
        webhook_url=receiver.url,
        webhook_secret=SECRET,
        port=0,
    )


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[RunningSandbox]:
    """A sandbox whose webhooks wait until they are drained."""
    running = start(settings)
    yield running
    money = requests.get(f"{running.url}/_sandbox/money", timeout=10).json()
    running.close()
    assert sum(amount for amounts in money.values() for amount in amounts.values()) == 0


@pytest.fixture
def transport() -> CheckedTransport:
    """What carries the SDK's requests."""
    return CheckedTransport()


@pytest.fixture
def client(sandbox: RunningSandbox, transport: CheckedTransport) -> Client:
    """The real SDK, without retries of its own."""
    return stripe_client(sandbox.url, transport)


@pytest.fixture
def shopper() -> Shopper:
    """Somebody who pays."""
    return Shopper()


def stripe_client(url: str, transport: stripe.HTTPClient | None = None, key: str = KEY) -> Client:
    """The real SDK as the shop makes it, towards a sandbox."""
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": url},
        http_client=transport,
        max_network_retries=0,
    )
