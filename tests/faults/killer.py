"""Ends web, worker or database at random, every few seconds."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import psutil

from tests.faults.keeper import Kept
from tests.postgres import Server


class Killer:
    """Kills, in a thread, one thing about ``seconds`` after the last is up again: ``most``, or until told to finish.

    What it picks follows from the seed. ``kills`` counts by kind.
    """

    def __init__(
        self,
        *,
        web: Kept,
        workers: Sequence[Kept],
        database: Server | None,
        seed: int,
        seconds: float,
        most: int | None = None,
        until_up: Callable[[], None],
    ) -> None:
        self.kills: Counter[str] = Counter()
        self._web, self._workers, self._database = web, workers, database
        self._luck = random.Random(f"{seed} killer")
        self._seconds, self._most = seconds, most
        self._until_up = until_up
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """End the killing, once it has killed as many as it should; what was killed last is up again then."""
        if self._most is None:
            self._over.set()
        self._thread.join()

    def _run(self) -> None:
        kinds: dict[str, Callable[[], bool]] = {
            "web": self._kill_web,
            "web process": self._kill_web_process,
            "worker": self._kill_worker,
        }
        if self._database:
            kinds |= {
                "database": partial(self._kill_database, self._database),
                "database, stopped": partial(self._stop_database, self._database),
                "database connection": partial(self._kill_connection, self._database),
            }
        # Every kind once before any comes again, so that a short run has met them all.
        round: list[str] = []
        while sum(self.kills.values()) != self._most and not self._over.wait(
            self._seconds * self._luck.uniform(0.5, 1.5)
        ):
            round = round or self._luck.sample(list(kinds), len(kinds))
            kind = round.pop()
            if kinds[kind]():
                self.kills[kind] += 1
                # Killed faster than it starts, nobody could ever buy.
                self._until_up()

    def _kill_web(self) -> bool:
        self._web.kill()
        return True

    def _kill_web_process(self) -> bool:
        return self._web.kill_a_child(self._luck.randrange(100))

    def _kill_worker(self) -> bool:
        self._luck.choice(self._workers).kill()
        return True

    @staticmethod
    def _kill_database(database: Server) -> bool:
        os.kill(database.pid, signal.SIGKILL)
        database.start()
        return True

    def _stop_database(self, database: Server) -> bool:
        database.stop()
        # Time to notice that it is gone, before it is back.
        self._over.wait(self._luck.uniform(0.2, 1.5))
        database.start()
        return True

    def _kill_connection(self, database: Server) -> bool:
        """One of the server's own processes: then it drops every connection and goes through its recovery."""
        children = psutil.Process(database.pid).children()
        serving = [each for each in children if "shop" in " ".join(each.cmdline())]
        if not serving:
            return False
        self._luck.choice(serving).send_signal(signal.SIGKILL)
        return True
