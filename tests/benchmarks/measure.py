"""Calling an app without a server, and timing several things by turns."""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from typing import Any

from werkzeug.test import EnvironBuilder

Act = Callable[[], object]
RUNNING = 6  # times that an act is done before it is the next one's turn


def call(app: Any, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a GET. The app is called as a server would, in this process."""
    return request(app, environ(address, **headers))


def environ(address: str, **headers: str) -> dict[str, Any]:
    path, _mark, query = address.partition("?")
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return EnvironBuilder(path=path, query_string=query, headers=named).get_environ()


def request(app: Any, made: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told.extend((int(status[:3]), dict(headers)))

    body = app({**made, "wsgi.input": io.BytesIO(made.get("body", b""))}, start_response)
    data = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return told[0], told[1], data


def by_turns(acts: Mapping[str, Act], rounds: int) -> dict[str, float]:
    """The median time of each act in microseconds of CPU, which other work on the machine lengthens least.

    Each round does every act a few times running, as a busy server does; so all meet the same weather. The
    first of them warms up and is not timed: a kept page is timed while it is kept.
    """
    for act in list(acts.values()) * 3:
        act()
    times: dict[str, list[int]] = {name: [] for name in acts}
    gc.collect()
    gc.freeze()
    for _round in range(rounds):
        for name, act in acts.items():
            act()
            began = time.process_time_ns()
            for _time in range(RUNNING):
                act()
            times[name].append(time.process_time_ns() - began)
    gc.unfreeze()
    return {name: median(each) / RUNNING / 1000 for name, each in times.items()}


def in_turn(app: Any, requests: Iterable[Mapping[str, Any]], expected: int = 200) -> Act:
    """Makes one request after another, round and round. Raises AssertionError if one is not answered as expected."""
    made = list(requests)
    at = -1

    def act() -> None:
        nonlocal at
        at = (at + 1) % len(made)
        status, _headers, _body = request(app, made[at])
        assert status == expected, (made[at]["PATH_INFO"], status)

    return act
