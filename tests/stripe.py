"""The tests' Stripe: the payment sandbox in a thread, answering the real SDK over HTTP."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from storefront.sandbox.signature import signature_header
from tests.browser import Browser

WEBHOOK_SECRET = "whsec_storefront_sandbox"
CONNECT_SECRET = "whsec_storefront_connect"
SECRET_KEY = "sk_test_storefront_sandbox"
HEADERS = {"Authorization": f"Bearer {SECRET_KEY}", "Stripe-Version": "2026-05-27.dahlia"}
GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"
AT_ONCE = "4000000000000077"  # its money can be sent on at once


class Stripe:
    """What a test may do to the other side: pay, decline, expire, break, and deliver the news."""

    def __init__(self, url: str) -> None:
        self.url = url
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

    def events(self, latest: int = 20) -> list[dict[str, Any]]:
        """The ``latest`` events, oldest first, without the sandbox's own notes."""
        listed = requests.get(f"{self.url}/_sandbox/events?limit={latest}", timeout=10).json()
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

    def refund(self, payment_intent: str, *, amount: int | None = None) -> None:
        """Give a payment back, or ``amount`` of it, as an operator does in Stripe's dashboard."""
        headers = {**HEADERS, "Idempotency-Key": f"by-hand-{payment_intent}-{amount}"}
        values = {"payment_intent": payment_intent, **({"amount": amount} if amount else {})}
        answer = requests.post(f"{self.url}/v1/refunds", data=values, headers=headers, timeout=10)
        answer.raise_for_status()

    def settle_refund(self, refund_id: str) -> None:
        """Let a slow refund arrive, or one that seemed to succeed come back."""
        self._post(f"/refunds/{refund_id}/settle")

    def session(self, session_id: str) -> dict[str, Any]:
        """A Checkout session as Stripe has it."""
        answer = requests.get(f"{self.url}/v1/checkout/sessions/{session_id}", headers=HEADERS, timeout=10)
        found: dict[str, Any] = answer.json()
        return found

    def refunds(self) -> list[dict[str, Any]]:
        """The refunds Stripe made, newest first."""
        answer = requests.get(f"{self.url}/v1/refunds", headers=HEADERS, timeout=10)
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def fund(self, amount: int) -> None:
        """Let the shop have money at Stripe that it can send on at once."""
        key = f"by-hand-{time.monotonic_ns()}"
        line = "line_items[0]"
        wanted = {
            "mode": "payment",
            "success_url": "http://shop.test/",
            f"{line}[quantity]": 1,
            f"{line}[price_data][currency]": "usd",
            f"{line}[price_data][unit_amount]": amount,
            f"{line}[price_data][product_data][name]": "By hand",
        }
        headers = {**HEADERS, "Idempotency-Key": key}
        made = requests.post(f"{self.url}/v1/checkout/sessions", data=wanted, headers=headers, timeout=10)
        made.raise_for_status()
        self.pay(made.json()["id"], AT_ONCE)

    def payments(self) -> list[dict[str, Any]]:
        """The latest payments, newest first, each with its session, intent, charge and refunds."""
        found: list[dict[str, Any]] = requests.get(f"{self.url}/_sandbox/payments", timeout=10).json()
        return found

    def accounts(self) -> list[dict[str, Any]]:
        """The connected accounts, newest first, each with what it has, its transfers and its payouts."""
        found: list[dict[str, Any]] = requests.get(f"{self.url}/_sandbox/accounts", timeout=10).json()
        return found

    def onboard(self, account: str, **how: Any) -> Any:
        """Fill in everything, as an account's holder does on Stripe's pages; ``year=1902`` is asked for an ID."""
        return self._post(f"/accounts/{account}/onboard", **how)

    def deed(self, path: str, **values: Any) -> Any:
        """Anything else that the control room does, such as ``disputes/du_1/close`` with ``outcome="won"``."""
        return self._post(f"/{path}", **values)

    @staticmethod
    def send(client: Browser, event: dict[str, Any], *, timestamp: int | None = None, secret: str | None = None) -> Any:
        """One signed delivery, as Stripe makes it: events of connected accounts go to the endpoint for those."""
        body = json.dumps(event).encode()
        stamp = int(time.time()) if timestamp is None else timestamp
        connected = "account" in event
        path, own = ("/webhooks/stripe/connect", CONNECT_SECRET) if connected else ("/webhooks/stripe", WEBHOOK_SECRET)
        signature = signature_header(body, secret or own, timestamp=stamp)
        return client.post(
            path, data=body, headers={"Stripe-Signature": signature}, content_type="application/json", forged=True
        )
