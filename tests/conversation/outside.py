"""What tests may not do, seen by Python's own reports: https://docs.python.org/3/library/audit_events.html.

A call that leaves this process leaves with no transaction of the shop open. ``outside()`` says the same of itself;
this doesn't believe it. Stripe's SDK sends through ``http.client``, mail through ``smtplib``. And the sandbox's
database is opened by the sandbox only.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from flask import has_app_context

from storefront.kit.db import db
from storefront.sandbox import store

SENDERS = ("http.client.send", "smtplib.connect", "smtplib.send")
DATABASE, SANDBOX = "sandbox.db", Path(store.__file__).parent  # every fixture names the file so
STRIPES_LIBRARY = b"PythonBindings"  # in its User-Agent: what tests themselves ask of the sandbox goes without

_caught: list[str] = []


def caught() -> list[str]:
    """What was done since the last time that may not be."""
    found = list(_caught)
    _caught.clear()
    return found


def leaving(what: str) -> None:
    """Note a call that leaves now, if the shop's session of this thread is in a transaction."""
    if has_app_context() and db.session.in_transaction():
        _caught.append(f"{what} left while a transaction was open")


def opened(database: str, by: FrameType | None) -> None:
    """Note a sandbox's database that is opened for somebody who is not of the sandbox."""
    while by is not None and by.f_code.co_filename in (store.__file__, contextlib.__file__):
        by = by.f_back
    if Path(database).name == DATABASE and by is not None and SANDBOX not in Path(by.f_code.co_filename).parents:
        _caught.append(f"the sandbox's database was opened by {by.f_code.co_filename}:{by.f_lineno}")


def _on_audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect":
        opened(str(arguments[0]), sys._getframe(1))
    if event not in SENDERS:
        return
    if event == "http.client.send":
        data = arguments[1] if isinstance(arguments[1], bytes) else b""
        if STRIPES_LIBRARY not in data:
            return
        leaving(data.split(b"\r\n", 1)[0].decode())
    else:
        leaving(event)


sys.addaudithook(_on_audit)
