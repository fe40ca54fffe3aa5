"""The shop as it runs in earnest: its own processes, found by the ports they listen on."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """``storefront <arguments>`` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "storefront", *arguments], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes], host: str = "127.0.0.1") -> None:
    """Block until a server answers on its port. It is asked, the clock is not; a dead one is an error."""
    while process.poll() is None:
        try:
            connection = http.client.HTTPConnection(host, port, timeout=30)
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            continue
        return
    raise RuntimeError(f"the server ended with {process.returncode} before it answered")
