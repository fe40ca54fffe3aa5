"""The proxy's bad luck: each fault does what it is called, and the same seed meets the same faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tests.faults.proxy import FAULTS, Plan, Proxy


class Scribe:
    """A server that writes down what it is sent and says so."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        scribe = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                scribe.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(201)
                self.send_header("X-From", "scribe")
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"heard")

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def scribe() -> Iterator[Scribe]:
    listening = Scribe()
    yield listening
    listening.close()


@pytest.fixture
def between(scribe: Scribe) -> Iterator[Proxy]:
    proxy = Proxy(scribe.url, Plan(1, "test", {}))
    yield proxy
    proxy.close()


def send(proxy: Proxy, fault: str, words: str = '{"id": "evt_1"}') -> str:
    """What one sender hears whose request meets ``fault``."""
    proxy.plan = Plan(1, "test", {fault: 100})
    try:
        answer = requests.post(proxy.url, data=words, timeout=10)
    except requests.ConnectionError:
        return "nothing"
    return f"{answer.status_code} {answer.headers.get('X-From', '')} {answer.text}"


@pytest.mark.parametrize(
    ("fault", "said", "heard"),
    [
        ("", "201 scribe heard", 1),
        ("delay", "201 scribe heard", 1),
        ("refuse", "nothing", 0),
        ("lose", "nothing", 1),
        ("fail", '500  {"error": {"type": "api_error", "message": "Bad luck."}}', 1),
        ("twice", "201 scribe heard", 2),
        ("reorder", "nothing", 0),
        ("swallow", "200  {}", 0),
    ],
)
def test_each_fault(scribe: Scribe, between: Proxy, fault: str, said: str, heard: int) -> None:
    assert send(between, fault) == said
    assert len(scribe.heard) == heard
    assert dict(between.faults) == ({fault: 1} if fault else {})
    assert between.swallowed == ({"evt_1"} if fault == "swallow" else set())


def test_what_was_held_back_arrives_after_what_came_later(scribe: Scribe, between: Proxy) -> None:
    send(between, "reorder", "first")
    send(between, "", "second")

    assert scribe.heard == ["second", "first"]


def test_nothing_goes_wrong_once_it_is_calm(scribe: Scribe, between: Proxy) -> None:
    between.calm.set()

    assert send(between, "refuse") == "201 scribe heard"


def test_a_server_that_is_away_gives_no_answer(scribe: Scribe, between: Proxy) -> None:
    scribe.close()

    assert send(between, "") == "nothing"


def test_the_same_seed_meets_the_same_faults() -> None:
    chances = dict.fromkeys(FAULTS, 5.0)
    first, again, other = ([Plan(seed, "stripe", chances).fault(number) for number in range(500)] for seed in (1, 1, 2))

    assert first == again != other
    assert set(first) == {"", *FAULTS}
    assert Plan(1, "webhooks", chances).fault(3) in {"", *FAULTS}
