"""Bad luck on order: the API answers 500, answers late, loses its answer, or is not there at all.

Source of what a client must expect: https://docs.stripe.com/error-low-level
"""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, replace
from typing import NoReturn

from flask import request

from storefront.sandbox.errors import StripeError

KINDS = ("error", "error_after", "rate_limit", "slow", "pause", "lost", "down")
METHODS = ("POST", "GET", "DELETE", "any")
_MOST = 1000
#: The longest that a paused request waits to be let go, in seconds.
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with the next `times` requests made with `method`: "POST", "GET", "DELETE", or "any".

    error: 500 and nothing was done. error_after: 500 although the work was done. rate_limit: 429.
    slow: `seconds` late. pause: until it is let go. lost: the work is done and the connection closes.
    down: the connection closes at once.
    """

    kind: str
    times: int = 1
    seconds: float = 0.0
    method: str = "POST"

    def hits(self, method: str) -> bool:
        """Whether a request made with `method` is meant."""
        return self.method in (method, "any")


class Faults:
    """The faults that wait for requests, first ordered first served. Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._go = threading.Event()
        #: Set while a request is paused.
        self.paused = threading.Event()

    def order(self, fault: Fault) -> None:
        """Have a fault happen. Raises `ValueError` for a kind that doesn't exist."""
        if fault.kind not in KINDS:
            raise ValueError(f"Choose one of {', '.join(KINDS)}.")
        if fault.method not in METHODS:
            raise ValueError(f"Choose one of {', '.join(METHODS)}.")
        if not 1 <= fault.times <= _MOST or not 0 <= fault.seconds <= _LONGEST_PAUSE:
            raise ValueError(f"From 1 to {_MOST} times, at most {_LONGEST_PAUSE:g} seconds late.")
        with self._lock:
            self._waiting.append(fault)

    def waiting(self) -> list[Fault]:
        """What is still to happen."""
        with self._lock:
            return list(self._waiting)

    def clear(self) -> None:
        """Nothing more goes wrong, and what is paused goes on."""
        with self._lock:
            self._waiting.clear()
        self._go.set()

    def next(self, method: str) -> Fault | None:
        """The fault for the request that is starting, counted down."""
        with self._lock:
            for place, fault in enumerate(self._waiting):
                if fault.hits(method):
                    rest = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                    self._waiting[place : place + 1] = rest
                    return fault
            return None

    def pause(self) -> None:
        """Wait until `clear` is called."""
        self._go.clear()
        self.paused.set()
        self._go.wait(_LONGEST_PAUSE)
        self.paused.clear()


def before_work(faults: Faults, fault: Fault | None) -> None:
    """What a fault does to a request before its work. Raises `StripeError` or `ConnectionAbortedError`."""
    if fault is None:
        return
    if fault.kind == "error":
        raise server_error()
    if fault.kind == "rate_limit":
        raise StripeError("Request rate limit exceeded.", status=429, code="rate_limit")
    if fault.kind == "down":
        hang_up()
    if fault.kind == "slow":
        time.sleep(fault.seconds)
    if fault.kind == "pause":
        faults.pause()


def server_error() -> StripeError:
    """https://docs.stripe.com/api/errors: something went wrong on Stripe's end."""
    return StripeError("An unknown error occurred. The sandbox was asked to fail.", status=500, type="api_error")


def hang_up() -> NoReturn:
    """Close the connection without an answer. Raises `ConnectionAbortedError`."""
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("the sandbox was asked to hang up")
