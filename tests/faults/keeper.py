"""Processes that are started again whenever they end, as a service manager does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.processes import ROOT, wait_until_it_answers

PAUSE = 0.2  # seconds between an end and the next start
PATIENCE = 180.0  # seconds in which a process must answer


class Kept:
    """``storefront <arguments>``, kept running until it is closed; what it says is added to ``log``."""

    def __init__(self, name: str, *arguments: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = [sys.executable, "-m", "storefront", *arguments]
        self._environment = {**os.environ, **environment}
        self._log = log
        self._over = threading.Event()
        self.process = self._start()
        self._thread = threading.Thread(target=self._watch, name=f"keep {name}", daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """End it and all of its children at once; it starts again by itself."""
        self._signal(self.process, signal.SIGKILL)

    def kill_a_child(self, number: int) -> bool:
        """End one of its children at once, which it is to start again itself. False if it has none now."""
        with suppress(psutil.Error):
            if children := psutil.Process(self.process.pid).children():
                children[number % len(children)].kill()
                return True
        return False

    def wait_until_it_answers(self, port: int) -> None:
        """Block until somebody listens on its port, however often it starts anew meanwhile. Raises RuntimeError."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(RuntimeError):
                return wait_until_it_answers(port, self.process)
        raise RuntimeError(f"{self.name} did not start; {self._log} says why")

    def close(self) -> None:
        """Stop it for good, gently first."""
        self._over.set()
        self._signal(self.process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=20)
        self._signal(self.process, signal.SIGKILL)
        self._thread.join()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def _watch(self) -> None:
        while True:
            self.process.wait()
            # A child that outlived its parent would hold on to the port.
            self._signal(self.process, signal.SIGKILL)
            if self._over.wait(PAUSE):
                return
            self.process = self._start()

    @staticmethod
    def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
