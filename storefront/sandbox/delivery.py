"""Webhooks on their way: a thread sends what is due, signed, and tries again later and later until a 2xx.

Source: https://docs.stripe.com/webhooks#automatic-retries. Due times follow the sandbox's clock, so moving it
makes retries due; signatures carry real time, as receivers check it.
"""

from __future__ import annotations

import http.client
import json
import logging
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

from storefront.sandbox import agenda
from storefront.sandbox.signature import signature_header
from storefront.sandbox.store import Body, Store, Transaction

_LOG = logging.getLogger(__name__)
_TIMEOUT = 20.0
#: Seconds to the next attempt double from one second to one hour; after this many attempts it is given up.
_LONGEST_DELAY = 60 * 60
_MOST_ATTEMPTS = 24
#: How many deliveries the thread makes before it looks again at what is due.
_AT_A_TIME = 50
#: The thread looks at the clock at least this often, in seconds.
_LONGEST_NAP = 30.0


@dataclass(frozen=True)
class _Parcel:
    """One delivery that is due, with all it takes to send it."""

    id: int
    event: str
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
        tried: set[int] = set()
        while due := [id for id in self._due() if id not in tried]:
            tried.update(due)
            self._send(due)
        return len(tried)

    def _run(self) -> None:
        while not self._stopped:
            try:
                agenda.run_due(self._store)
                # A few at a time: what failed comes round again, however many new ones arrive meanwhile.
                self._send(self._due()[:_AT_A_TIME])
                nap = self._nap()
            except Exception:  # a thread that ended would leave every later event unsent
                _LOG.exception("Webhooks were interrupted")
                nap = _LONGEST_NAP
            self._news.wait(nap)
            self._news.clear()

    def _nap(self) -> float:
        """Seconds until something may be due."""
        with self._store.reading() as transaction:
            due_at = transaction.sql(
                "SELECT MIN(due_at) FROM (SELECT due_at FROM deliveries WHERE state = 'waiting'"
                " UNION ALL SELECT due_at FROM agenda)"
            ).fetchone()[0]
            return _LONGEST_NAP if due_at is None else min(max(due_at - transaction.now, 0.05), _LONGEST_NAP)

    def _due(self) -> list[int]:
        """The deliveries that are due, in order."""
        with self._store.reading() as transaction:
            statement = "SELECT id FROM deliveries WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id"
            return [id for (id,) in transaction.sql(statement, transaction.now)]

    def _send(self, due: list[int]) -> None:
        """Try each delivery once, unless somebody else was faster."""
        with self._sending:
            for id in due:
                if parcel := self._parcel(id):
                    self._note(parcel, _send(parcel, timestamp=int(self._store.real_time())))

    def _parcel(self, id: int) -> _Parcel | None:
        """A delivery as it is now; None if it isn't due any more."""
        with self._store.reading() as transaction:
            row = transaction.sql(
                "SELECT id, event, endpoint, attempts FROM deliveries"
                " WHERE id = ? AND state = 'waiting' AND due_at <= ?",
                id, transaction.now,
            ).fetchone()  # fmt: skip
            return _parcel(transaction, *row) if row else None

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
            if event := transaction.anyones("event", parcel.event):
                count_pending(transaction, event)


def _parcel(transaction: Transaction, id: int, event: str, endpoint: str, attempts: int) -> _Parcel:
    url = transaction.get("webhook_endpoint", endpoint)["url"]
    payload = json.dumps(transaction.get("event", event), indent=2).encode()
    return _Parcel(id, event, attempts, url, transaction.hidden(endpoint)["secret"], payload)


def forget_endpoint(transaction: Transaction, endpoint_id: str) -> None:
    """Delete a webhook endpoint; what waits for it is dropped."""
    transaction.sql(
        "UPDATE deliveries SET state = 'dropped' WHERE endpoint = ? AND state IN ('waiting', 'held')",
        endpoint_id,
    )
    transaction.delete(endpoint_id)


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
