"""The sandbox on a port: `main` for the command, `start` for tests."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from storefront.sandbox import control
from storefront.sandbox.app import create_app
from storefront.sandbox.charging import Outcome
from storefront.sandbox.parts import Sandbox
from storefront.sandbox.settings import Settings, WrongSettings, settings_from
from storefront.sandbox.store import Origin


class PortBusy(OSError):
    """Another program listens on the port; the message is a sentence."""


class _QuietHandler(WSGIRequestHandler):
    """Answers without a line in the log for each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing to say about an answer that was given."""


class RunningSandbox:
    """A sandbox that listens in a thread of this process. Close it when done."""

    def __init__(self, app: Flask, server: BaseWSGIServer) -> None:
        self.app = app
        self.parts: Sandbox = app.extensions["sandbox"]
        self.url = f"http://{server.host}:{server.port}"
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()

    def drain(self) -> int:
        """Send the webhooks that are due and wait for their answers; the number of attempts."""
        return self.parts.deliverer.drain()

    def pay(self, session_id: str, number: str = "4242424242424242", *, answer: bool = True) -> Outcome:
        """Pay a session without a browser; `answer` is what 3-D Secure is told."""
        origin = Origin(base_url=self.url)
        return control.pay(self.parts.store, session_id, number=number, answer=answer, origin=origin)

    def move_clock(self, seconds: int) -> None:
        """Let time pass and do what became due."""
        control.move_clock(self.parts.store, seconds)

    def close(self) -> None:
        """Stop listening and sending."""
        self.parts.faults.clear()
        self.parts.deliverer.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start(settings: Settings, *, deliver: bool = False) -> RunningSandbox:
    """Listen in a thread. Webhooks wait for `drain` unless `deliver`. Raises `PortBusy`."""
    app = create_app(settings)
    running = RunningSandbox(app, _listen(app, settings))
    if deliver:
        running.parts.deliverer.start()
    return running


def serve(settings: Settings) -> None:
    """Listen until interrupted or terminated. Raises `PortBusy`."""
    app = create_app(settings)
    server = _listen(app, settings)
    signal.signal(signal.SIGTERM, _leave)
    app.extensions["sandbox"].deliverer.start()
    print(f"Sandbox at http://{server.host}:{server.port}", flush=True)  # noqa: T201 - the command's answer
    try:
        server.serve_forever()
    finally:
        server.server_close()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when it was stopped, 1 with a sentence when it couldn't start."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        serve(settings_from(sys.argv[1:] if arguments is None else arguments))
    except (WrongSettings, PortBusy) as reason:
        print(reason, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _listen(app: Flask, settings: Settings) -> BaseWSGIServer:
    """A server on a socket of our own, so that a busy port can be told in a sentence."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as failure:
        listener.close()
        if failure.errno != errno.EADDRINUSE:
            raise
        raise PortBusy(
            f"Port {settings.port} is in use by another program. Set SANDBOX_PORT to a free one."
        ) from failure
    listener.listen(128)
    port = listener.getsockname()[1]
    with listener:  # the server keeps a duplicate
        return make_server(settings.host, port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
