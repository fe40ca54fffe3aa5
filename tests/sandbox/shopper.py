"""Somebody with a plain browser: no script, follows no redirect on its own."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Any

import requests

_BROWSER = {"Accept": "text/html"}


@dataclass(frozen=True)
class Page:
    """What came back: the status, where it leads, the text of the page."""

    status: int
    location: str
    html: str
    headers: Any

    def __contains__(self, text: str) -> bool:
        return text in unescape(self.html)

    def value(self, name: str) -> str:
        """What the field of that name holds."""
        field = self.html.split(f'name="{name}"', 1)[1].split(">", 1)[0]
        return unescape(field.split('value="', 1)[1].split('"', 1)[0])


class Shopper:
    """Opens the payment page and sends its forms."""

    def open(self, url: str) -> Page:
        """Look at a page."""
        return self._page(requests.get(url, headers=_BROWSER, allow_redirects=False, timeout=10))

    def send(self, url: str, **fields: str) -> Page:
        """Send a form."""
        return self._page(requests.post(url, data=fields, headers=_BROWSER, allow_redirects=False, timeout=10))

    def pay(self, url: str, number: str = "4242 4242 4242 4242", **fields: str) -> Page:
        """Fill in the payment form and press the button."""
        typed = {"email": "bob@example.com", "number": number, "expiry": "12 / 34", "cvc": "123"}
        return self.send(url, **(typed | fields))

    def confirm(self, url: str, answer: str = "complete") -> Page:
        """Answer the bank's question about a session."""
        return self.send(f"{url}/authenticate", answer=answer)

    @staticmethod
    def _page(response: requests.Response) -> Page:
        location = response.headers.get("Location", "")
        return Page(response.status_code, location, response.text, response.headers)
