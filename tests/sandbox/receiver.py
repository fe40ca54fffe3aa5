"""The other end of a webhook: a small server that checks signatures and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe


class Receiver:
    """Listens on a free port of this machine and keeps what it got. Close it when done."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        #: The events whose signatures were right, in the order of their arrival.
        self.events: list[dict[str, Any]] = []
        self.signatures: list[str] = []
        #: Statuses of the next answers; 200 when there are no more.
        self.answers: deque[int] = deque()
        #: Called when an event has arrived, before it is answered.
        self.on_event: Callable[[], None] = lambda: None
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe"

    @property
    def types(self) -> list[str]:
        """What happened, in the order of arrival."""
        return [event["type"] for event in self.events]

    def wait_for(self, count: int, seconds: float = 10.0) -> bool:
        """Wait until that many events are there; False when the time is over."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.events) >= count, seconds)

    def close(self) -> None:
        """Stop listening; once is enough."""
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _receive(self, body: bytes, signature: str) -> int:
        stripe.Webhook.construct_event(body, signature, self.secret)
        self.signatures.append(signature)
        with self._arrived:
            self.events.append(json.loads(body))
            self._arrived.notify_all()
        self.on_event()
        return self.answers.popleft() if self.answers else 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    status = receiver._receive(body, self.headers["Stripe-Signature"])
                except stripe.SignatureVerificationError:
                    status = 400
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing to say."""

        return Handler
