"""The tests' Stripe: the payment sandbox in a thread, answering the real SDK over HTTP."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from storefront.sandbox.server import RunningSandbox
from storefront.sandbox.signature import signature_header
from tests.browser import Browser

WEBHOOK_SECRET = "whsec_storefront_sandbox"
SECRET_KEY = "sk_test_storefront_sandbox"
HEADERS = {"Authorization": f"Bearer {SECRET_KEY}", "Stripe-Version": "2026-05-27.dahlia"}
GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"


class Stripe:
    """What a test may do to the other side: pay, decline, expire, break, and deliver the news."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url = running.url
        self.delivered: set[str] = set()

    def _post(self, path: str, **values: Any) -> Any:
        answer = requests.post(f"{self.url}/_sandbox{path}", json=values, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def reset(self) -> None:
        self._post("/faults/clear")
        self._post("/reset")

    def pay(self, session_id: str, card: str = GOOD, *, confirms: bool = True) -> Any:
        """Pay a session as a shopper would on its page; ``confirms`` is what the bank is told if it asks."""
        return self._post(f"/sessions/{session_id}/pay", card=card, answer="complete" if confirms else "fail")

    def expire(self, session_id: str) -> None:
        self._post(f"/sessions/{session_id}/expire")

    def fail_next(self, kind: str, **values: Any) -> None:
        """Have the next request go wrong: ``error``, ``error_after``, ``lost``, ``down``…"""
        self._post("/faults", kind=kind, **values)

    def go_on(self) -> None:
        """Let the request go that hangs, and nothing more go wrong."""
        self._post("/faults/clear")

    def events(self) -> list[dict[str, Any]]:
        """Every event so far, oldest first, without the sandbox's own notes."""
        listed = requests.get(f"{self.url}/_sandbox/events", timeout=10).json()
        return [{key: value for key, value in event.items() if key != "deliveries"} for event in reversed(listed)]

    def deliver(self, client: Browser, *kinds: str) -> list[str]:
        """Send the shop what it was not sent yet (only ``kinds``, if given). Returns the states it answers."""
        fresh = [event for event in self.events() if event["id"] not in self.delivered]
        states = []
        for event in fresh:
            if not kinds or event["type"] in kinds:
                self.delivered.add(event["id"])
                states.append(self.send(client, event).json["state"])
        return states

    def refund(self, payment_intent: str) -> None:
        """Give a whole payment back, as an operator does in Stripe's dashboard."""
        headers = {**HEADERS, "Idempotency-Key": f"by-hand-{payment_intent}"}
        answer = requests.post(
            f"{self.url}/v1/refunds", data={"payment_intent": payment_intent}, headers=headers, timeout=10
        )
        answer.raise_for_status()

    def refunds(self) -> list[dict[str, Any]]:
        """The refunds Stripe made, newest first."""
        answer = requests.get(f"{self.url}/v1/refunds", headers=HEADERS, timeout=10)
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    @staticmethod
    def send(
        client: Browser, event: dict[str, Any], *, timestamp: int | None = None, secret: str = WEBHOOK_SECRET
    ) -> Any:
        """One signed delivery, as Stripe makes it."""
        body = json.dumps(event).encode()
        stamp = int(time.time()) if timestamp is None else timestamp
        signature = signature_header(body, secret, timestamp=stamp)
        return client.post(
            "/webhooks/stripe", data=body, headers={"Stripe-Signature": signature}, content_type="application/json",
            forged=True,
        )  # fmt: skip
