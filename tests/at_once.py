"""Two workers that do the same thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from storefront.kit.db import settle_reads

T = TypeVar("T")


def twice_at_once(app: Flask, work: Callable[[], T]) -> list[T]:
    """What each of two threads got that began together, each in an app context of its own."""
    settle_reads()
    together = threading.Barrier(2)

    def worker() -> T:
        with app.app_context():
            together.wait(30)
            return work()

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(worker) for _ in range(2)]
        return [each.result(60) for each in both]
