"""Whoever stands between a shop and its payment sandbox: hears all they say, and remembers mistakes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import requests
from werkzeug.datastructures import Headers
from werkzeug.test import Client
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response

from storefront.sandbox.server import RunningSandbox
from tests.conversation.checks import VERSION, Request, problems_of_headers, problems_of_parameters
from tests.sandbox.specification import problems_of_answer, problems_of_error, problems_of_event

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Those whose mistakes are the running test's.
LISTENING: list[Listener] = []


class Listener:
    """Around a sandbox's WSGI application. ``overheard()`` says what was wrong since it was asked before.

    A ``strict`` one wants every request to be right. The other is for tests of the sandbox itself, which ask
    wrongly to be refused: what is *accepted* must be right.
    """

    def __init__(self, app: WSGIApplication, *, key: str, strict: bool = True) -> None:
        self.app = app
        self.key = key
        self.strict = strict
        self.requests = 0
        self._problems: list[str] = []
        self._known: set[str] = set()
        self._has_news = False
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = WsgiRequest(environ)
        if asked.path == "/_sandbox/reset":
            self._hear_events()
        if not asked.path.startswith("/v1/"):
            self._has_news |= asked.method != "GET"
            return self.app(environ, start_response)
        body = asked.get_data()
        environ["wsgi.input"] = BytesIO(body)
        answer = Response.from_app(self.app, environ)
        form = body.decode() if asked.method == "POST" else asked.query_string.decode()
        self._hear(Request(asked.method, asked.path, form, dict(asked.headers)), answer)
        return answer(environ, start_response)

    def overheard(self) -> list[str]:
        """What was wrong since the last time, events included."""
        self._hear_events()
        with self._lock:
            problems, self._problems = self._problems, []
        return problems

    def _hear(self, request: Request, answer: Response) -> None:
        self.requests += 1
        self._has_news |= request.method != "GET"
        problems: list[str] = []
        if self.strict:
            problems += problems_of_headers(request)
        if self.strict or answer.status_code < 400:
            problems += problems_of_parameters(request, now=self._now())
        if text := answer.get_data():  # none if the sandbox was told to hang up
            problems += [f"in the answer {each}" for each in _problems_of(request, answer.status_code, text)]
        self._note(f"{request.method} {request.path}", problems)

    def _hear_events(self) -> None:
        """Look at the events that are new. They are read as Stripe's API lists them."""
        if not self._has_news:
            return
        self._has_news = False
        for event in self._new_events():
            self._known.add(event["id"])
            problems = problems_of_event(event)
            if (event["api_version"], event["livemode"]) != (VERSION, False):
                problems.append(f"it is of version {event['api_version']}, livemode {event['livemode']}")
            self._note(f"event {event['type']}", problems)

    def _new_events(self) -> list[dict[str, Any]]:
        Client(self.app).post("/_sandbox/faults/clear")  # bad luck that nobody met would be ours
        accounts = [each["id"] for each in self._ask("/v1/accounts", limit="100")["data"]]
        return [event for account in ("", *accounts) for event in self._new_events_of(account)]

    def _new_events_of(self, account: str) -> list[dict[str, Any]]:
        """Those of the platform, or of a connected account: https://docs.stripe.com/connect/authentication"""
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._ask("/v1/events", account, limit="100", **more)
            fresh = [event for event in page["data"] if event["id"] not in self._known]
            found += fresh
            if not page["has_more"] or len(fresh) < len(page["data"]):
                return found
            more = {"starting_after": page["data"][-1]["id"]}

    def _now(self) -> int:
        now: int = self._ask("/_sandbox/clock")["now"]
        return now

    def _ask(self, path: str, account: str = "", **query: str) -> Any:
        """Ask what is behind, unheard."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        if account:
            headers["Stripe-Account"] = account
        return Client(self.app).get(path, query_string=query, headers=headers).json

    def _note(self, about: str, problems: Iterable[str]) -> None:
        with self._lock:
            self._problems += [f"{about}: {problem}" for problem in problems]


def _problems_of(request: Request, status: int, text: bytes) -> list[str]:
    body = json.loads(text)
    return problems_of_error(body) if status >= 400 else problems_of_answer(request.method, request.path, body)


def listen_to(running: RunningSandbox, *, key: str, strict: bool = True) -> Listener:
    """Hear whoever talks to a sandbox in a thread of this process."""
    listener = Listener(running.app.wsgi_app, key=key, strict=strict)
    running.app.wsgi_app = listener  # type: ignore[method-assign]
    return listener


def passed_on_to(url: str) -> WSGIApplication:
    """A WSGI application that asks a server elsewhere, so that a sandbox in another process can be heard."""
    session = requests.Session()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = WsgiRequest(environ)
        headers = {name: value for name, value in asked.headers.items() if name != "Content-Length"}
        answer = session.request(
            asked.method, f"{url}{asked.full_path}", data=asked.get_data(), headers=headers,
            allow_redirects=False, timeout=60,
        )  # fmt: skip
        kept = Headers((name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP)
        return Response(answer.content, answer.status_code, kept)(environ, start_response)

    return application


HOP_BY_HOP = {"connection", "content-encoding", "content-length", "transfer-encoding", "keep-alive"}
