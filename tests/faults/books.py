"""What the payment sandbox has in its books, read from its file and never written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Books:
    """Stripe's objects by their id, the events by what became of them, and the money.

    ``delivered`` and ``undelivered`` is what the sender believes; ``swallowed`` was lost although it was answered 200.
    ``fees`` are by balance transaction, ``balances`` by account and currency, all in minor units.
    """

    sessions: dict[str, Body]
    intents: dict[str, Body]
    charges: dict[str, Body]
    refunds: dict[str, Body]
    fees: dict[str, int]
    delivered: frozenset[str]
    undelivered: frozenset[str]
    swallowed: frozenset[str]
    balances: dict[tuple[str, str], int]

    @property
    def paid_sessions(self) -> list[Body]:
        return [each for each in self.sessions.values() if each["payment_status"] in ("paid", "no_payment_required")]

    def refunds_of(self, intent: str) -> list[Body]:
        """The refunds of a payment that did not fail."""
        return [
            each
            for each in self.refunds.values()
            if each["payment_intent"] == intent and each["status"] not in ("failed", "canceled")
        ]


def read_books(file: Path, swallowed: Collection[str] = ()) -> Books:
    """Everything the checker asks about. ``swallowed`` are the events that were lost on their way."""
    lost = frozenset(swallowed)
    with _reading(file) as connection:
        entries = _objects(connection, "balance_transaction")
        return Books(
            sessions=_objects(connection, "checkout.session"),
            intents=_objects(connection, "payment_intent"),
            charges=_objects(connection, "charge"),
            refunds=_objects(connection, "refund"),
            fees={id: entry["fee"] for id, entry in entries.items()},
            delivered=_events(connection, "state = 'delivered'") - lost,
            undelivered=_events(connection, "state IN ('waiting', 'held', 'failed')"),
            swallowed=lost,
            balances=_balances(connection),
        )


def deliveries_waiting(file: Path) -> int:
    """How many deliveries of webhooks are still to be made."""
    with _reading(file) as connection:
        found: int = connection.execute("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'").fetchone()[0]
        return found


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
        yield connection


def _objects(connection: sqlite3.Connection, kind: str) -> dict[str, Body]:
    rows = connection.execute("SELECT id, body FROM objects WHERE kind = ? ORDER BY sequence", (kind,))
    return {id: json.loads(body) for id, body in rows}


def _events(connection: sqlite3.Connection, condition: str) -> frozenset[str]:
    return frozenset(event for (event,) in connection.execute(f"SELECT event FROM deliveries WHERE {condition}"))


def _balances(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        "SELECT account, currency, SUM(amount) FROM ("
        " SELECT destination AS account, currency, amount FROM moves"
        " UNION ALL SELECT source, currency, -amount FROM moves) GROUP BY account, currency"
    )
    return {(account, currency): amount for account, currency, amount in rows}
