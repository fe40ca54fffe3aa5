"""Webhooks on their way: a thread sends what is due, signed, and tries again later and later until a 2xx.

Source: https://docs.stripe.com/webhooks#automatic-retries. Due times follow the sandbox's clock, so moving it
makes retries due; signatures carry real time, as receivers check it.
"""

from __future__ import annotations

import http.client
import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

from storefront.sandbox import agenda
from storefront.sandbox.signature import signature_header
from storefront.sandbox.store import Body, Store, Transaction

_TIMEOUT = 20.0
#: Seconds to the next attempt double from one second to one hour; after this many attempts it is given up.
_LONGEST_DELAY = 60 * 60
_MOST_ATTEMPTS = 24
#: The thread looks at the clock at least this often, in seconds.
_LONGEST_NAP = 30.0


@dataclass(frozen=True)
class _Parcel:
    """One delivery that is due, with all it takes to send it."""

    id: int
    attempts: int
    url: str
    secret: str
    payload: bytes


class Deliverer:
    """Sends what is due: in its own thread after `start`, or step by step with `drain`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sending = threading.Lock()
        self._news = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send in the background from now on."""
        self._store.on_news = self._news.set
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after what it is sending."""
        self._stopped = True
        self._news.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Look again: the clock was moved or deliveries were let go."""
        self._news.set()

    def drain(self) -> int:
        """Send everything that is due now, once each, in order; the number of attempts."""
        sent = 0
        with self._sending:
            while parcel := self._next():
                self._note(parcel, _send(parcel, timestamp=int(self._store.real_time())))
                sent += 1
        return sent

    def _run(self) -> None:
        while not self._stopped:
            agenda.run_due(self._store)
            self.drain()
            self._news.wait(self._nap())
            self._news.clear()

    def _nap(self) -> float:
        """Seconds until something may be due."""
        with self._store.reading() as transaction:
            due_at = transaction.sql(
                "SELECT MIN(due_at) FROM (SELECT due_at FROM deliveries WHERE state = 'waiting'"
                " UNION ALL SELECT due_at FROM agenda)"
            ).fetchone()[0]
            return _LONGEST_NAP if due_at is None else min(max(due_at - transaction.now, 0.05), _LONGEST_NAP)

    def _next(self) -> _Parcel | None:
        with self._store.reading() as transaction:
            row = transaction.sql(
                "SELECT id, event, endpoint, attempts FROM deliveries"
                " WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT 1",
                transaction.now,
            ).fetchone()
            if row is None:
                return None
            id, event_id, endpoint_id, attempts = row
            endpoint = transaction.get("webhook_endpoint", endpoint_id)
            payload = json.dumps(transaction.get("event", event_id), indent=2).encode()
            return _Parcel(id, attempts, endpoint["url"], transaction.hidden(endpoint_id)["secret"], payload)

    def _note(self, parcel: _Parcel, answer: str) -> None:
        """Keep how an attempt went: done, to be tried again, or given up."""
        attempts = parcel.attempts + 1
        delivered = answer.startswith("2")
        state = "delivered" if delivered else "failed" if attempts >= _MOST_ATTEMPTS else "waiting"
        with self._store.writing() as transaction:
            due_at = transaction.now + min(2**parcel.attempts, _LONGEST_DELAY)
            transaction.sql(
                "UPDATE deliveries SET state = ?, attempts = ?, answer = ?, due_at = ? WHERE id = ?",
                state, attempts, answer, due_at, parcel.id,
            )  # fmt: skip
            count_pending(transaction, event_of(transaction, parcel.id))


def event_of(transaction: Transaction, delivery_id: int) -> Body:
    """The event that a delivery carries."""
    event_id = transaction.sql("SELECT event FROM deliveries WHERE id = ?", delivery_id).fetchone()[0]
    return transaction.get("event", event_id)


def count_pending(transaction: Transaction, event: Body) -> None:
    """Set `pending_webhooks`: how many endpoints have not said 2xx yet."""
    pending = transaction.sql(
        "SELECT COUNT(DISTINCT endpoint) FROM deliveries WHERE event = ? AND endpoint NOT IN"
        " (SELECT endpoint FROM deliveries WHERE event = ? AND state = 'delivered')",
        event["id"], event["id"],
    ).fetchone()[0]  # fmt: skip
    transaction.save(event | {"pending_webhooks": pending})


def _send(parcel: _Parcel, *, timestamp: int) -> str:
    """Post one parcel; the status as text, or what went wrong. Redirects are not followed."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://docs.stripe.com/webhooks)",
        "Stripe-Signature": signature_header(parcel.payload, parcel.secret, timestamp=timestamp),
    }
    post = urllib.request.Request(parcel.url, data=parcel.payload, headers=headers, method="POST")
    try:
        with _OPENER.open(post, timeout=_TIMEOUT) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return str(refusal.code)
    except (OSError, http.client.HTTPException) as failure:
        return f"No answer: {getattr(failure, 'reason', failure)}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect counts as a failure, as it does with Stripe."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())
