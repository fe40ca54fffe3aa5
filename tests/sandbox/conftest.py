"""A sandbox on a free port, the real SDK that talks to it, and the receiver of its webhooks.

What the sandbox accepts, answers and delivers is held against Stripe's description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
import stripe

from storefront.sandbox import API_VERSION
from storefront.sandbox.server import RunningSandbox, start
from storefront.sandbox.settings import Settings
from tests.conversation.listener import listen_to
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopper import Shopper
from tests.sandbox.specification import problems_of_event

#: The real SDK. Its fields are unions of ids and objects, which would want a check at every dot.
Client: TypeAlias = Any

KEY = "sk_test_of_the_shop"
SECRET = "whsec_of_the_shop"


class Transport(stripe.RequestsClient):
    """The SDK's own transport, which keeps the last answer's headers."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: dict[str, str] = {}

    def request(  # type: ignore[override]  # as its own parent class has it
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send, and look at the headers."""
        body, status, answered = super().request(method, url, headers, post_data)
        self.headers = dict(answered)
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
    heard = listen_to(running, key=KEY, strict=False)
    yield running
    assert heard.overheard() == []
    money = requests.get(f"{running.url}/_sandbox/money", timeout=10).json()
    running.close()
    assert sum(amount for amounts in money.values() for amount in amounts.values()) == 0


@pytest.fixture
def transport() -> Transport:
    """What carries the SDK's requests."""
    return Transport()


@pytest.fixture
def client(sandbox: RunningSandbox, transport: Transport) -> Client:
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
