"""The control room as a program uses it."""

from __future__ import annotations

from typing import Any

import requests

from storefront.sandbox.server import RunningSandbox


def deed(sandbox: RunningSandbox, path: str, **values: Any) -> requests.Response:
    """Ask for a deed with JSON."""
    headers = {"Accept": "application/json"}
    return requests.post(f"{sandbox.url}/_sandbox/{path}", json=values, headers=headers, timeout=10)


def look(sandbox: RunningSandbox, path: str) -> Any:
    """What the control room says about a part of the sandbox."""
    return requests.get(f"{sandbox.url}/_sandbox/{path}", timeout=10).json()
