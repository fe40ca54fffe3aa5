"""Processes of their own that copy at the same moment, each a whole shop on the same database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from flask import Flask

from storefront.app import create_app
from storefront.config import Settings
from storefront.kit.db import settle_reads

Ask = tuple[str, int]  # whose token, and the listing


def all_at_once(app: Flask, shares: Sequence[Sequence[Ask]]) -> Counter[int]:
    """What all were answered, as HTTP statuses. Each process asks for its share, one after the other."""
    settle_reads()
    context = get_context("forkserver")
    context.set_forkserver_preload(["storefront.app"])
    together = context.Barrier(len(shares))
    settings: Settings = app.extensions["settings"]
    told: SimpleQueue[list[int]] = context.SimpleQueue()
    running = [context.Process(target=_ask, args=(settings, share, together, told), daemon=True) for share in shares]
    for process in running:
        process.start()
    answers: Counter[int] = Counter()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
        answers.update(told.get())
    return answers


def _ask(settings: Settings, share: Sequence[Ask], together: Barrier, told: SimpleQueue[list[int]]) -> None:
    app = create_app(settings)
    with app.test_client(use_cookies=False) as client:
        together.wait(30)
        told.put(
            [
                client.post(f"/v1/flows/{listing}/copy", headers={"Authorization": f"Bearer {token}"}).status_code
                for token, listing in share
            ]
        )
