"""Workers that do something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from storefront.kit.db import settle_reads

T = TypeVar("T")


def twice_at_once(app: Flask, work: Callable[[], T]) -> list[T]:
    """What each of two threads got that did the same."""
    return all_at_once(app, [work, work])


def all_at_once(app: Flask, works: Sequence[Callable[[], T]]) -> list[T]:
    """What each thread got of those that began together, each in an app context of its own."""
    settle_reads()
    together = threading.Barrier(len(works))

    def worker(work: Callable[[], T]) -> T:
        with app.app_context():
            together.wait(30)
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        begun = [pool.submit(worker, work) for work in works]
        return [each.result(60) for each in begun]
