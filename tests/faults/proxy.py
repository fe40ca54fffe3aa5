"""A proxy that stands between two servers and has bad luck, the same luck again for the same seed."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: delay: later than it could be. refuse: the connection closes before any work. lose: it closes after the work.
#: fail: 500 after the work. twice: the work is asked for two times. reorder: the connection closes, and what was
#: sent arrives after what is sent next. swallow: 200, and nobody ever hears of it.
FAULTS = ("delay", "refuse", "lose", "fail", "twice", "reorder", "swallow")
FAILURE = b'{"error": {"type": "api_error", "message": "Bad luck."}}'
HOPS = {"connection", "content-length", "transfer-encoding", "keep-alive", "date", "server"}
LONGEST_DELAY = 0.4  # seconds
PATIENCE = 30.0  # seconds to wait for the server behind


@dataclass(frozen=True)
class Plan:
    """Which fault meets which request: decided by seed, name and the request's number alone.

    ``chances`` are in a hundred, by fault.
    """

    seed: int
    name: str
    chances: Mapping[str, float]

    def fault(self, number: int) -> str:
        """The fault of one request, or "" for none."""
        luck = self._luck(number).random() * 100
        for fault in FAULTS:
            luck -= self.chances.get(fault, 0)
            if luck < 0:
                return fault
        return ""

    def seconds(self, number: int) -> float:
        """How late a delayed request is."""
        return self._luck(-number).uniform(0.01, LONGEST_DELAY)

    def _luck(self, number: int) -> random.Random:
        return random.Random(f"{self.seed} {self.name} {number}")


@dataclass(frozen=True)
class Parcel:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> str:
        """Stripe's id of the event it carries, if it carries one."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return ""
        return str(found.get("id", "")) if isinstance(found, dict) else ""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Proxy:
    """Listens on a free port of this machine and passes on to ``target`` as its plan says. Close it when done."""

    def __init__(self, target: str, plan: Plan) -> None:
        self.plan = plan
        #: Nothing goes wrong any more once this is set.
        self.calm = threading.Event()
        self.requests = 0
        self.faults: Counter[str] = Counter()
        #: Events of which nobody behind the proxy heard by a delivery that was answered 200.
        self.swallowed: set[str] = set()
        self._behind = urlsplit(target).netloc
        self._lock = threading.Lock()
        self._aside: list[Parcel] = []
        self._server = _Listener(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, parcel: Parcel) -> Answer | None:
        """What the sender is told; None closes the connection."""
        number, fault = self._draw()
        if fault == "delay":
            time.sleep(self.plan.seconds(number))
        if fault == "refuse":
            return None
        if fault == "swallow":
            self.swallowed.add(parcel.event)
            return Answer(200, {}, b"{}")
        if fault == "reorder":
            with self._lock:
                self._aside.append(parcel)
            return None
        answer = self._pass_on(parcel)
        if fault == "twice":
            answer = self._pass_on(parcel)
        self._pass_on_what_waits()
        if fault == "lose":
            return None
        return Answer(500, {"Content-Type": "application/json"}, FAILURE) if fault == "fail" else answer

    def _draw(self) -> tuple[int, str]:
        with self._lock:
            self.requests += 1
            fault = "" if self.calm.is_set() else self.plan.fault(self.requests)
            if fault:
                self.faults[fault] += 1
            return self.requests, fault

    def _pass_on_what_waits(self) -> None:
        with self._lock:
            waiting, self._aside = self._aside, []
        for parcel in waiting:
            self._pass_on(parcel)

    def _pass_on(self, parcel: Parcel) -> Answer | None:
        """The answer of the server behind; None if it gives none."""
        connection = http.client.HTTPConnection(self._behind, timeout=PATIENCE)
        try:
            connection.request(parcel.method, parcel.path, parcel.body, {**parcel.headers, "Host": self._behind})
            response = connection.getresponse()
            headers = {name: value for name, value in response.getheaders() if name.lower() not in HOPS}
            return Answer(response.status, headers, response.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOPS}
                answer = proxy.answer(Parcel(self.command, self.path, headers, body))
                if answer is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_DELETE = do_POST

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing to say."""

        return Handler


class _Listener(ThreadingHTTPServer):
    """One whose caller may go away in the middle: killing it is what the bench is for."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing to say."""
