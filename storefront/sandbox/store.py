"""The sandbox's database: Stripe's objects as JSON in one table of an SQLite file, and a few tables beside.

A connection lives as long as its transaction, so any thread may open one; SQLite lets one writer in at once.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  created INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  hidden TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(hidden)),
  account TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, sequence);
CREATE INDEX IF NOT EXISTS objects_by_intent ON objects (json_extract(body, '$.payment_intent'));
CREATE TABLE IF NOT EXISTS moves (
  id INTEGER PRIMARY KEY,
  cause TEXT NOT NULL,
  source TEXT NOT NULL,
  destination TEXT NOT NULL CHECK (destination <> source),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'dropped', 'delivered', 'failed')),
  due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due_at);
CREATE INDEX IF NOT EXISTS deliveries_of_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS agenda (
  id INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL,
  verb TEXT NOT NULL,
  object TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS agenda_due ON agenda (due_at);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  created INTEGER NOT NULL,
  request TEXT NOT NULL,
  status INTEGER,
  body TEXT
);
CREATE TABLE IF NOT EXISTS dials (name TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value)));
"""
#: A file of an earlier sandbox has no owners: all in it is the platform's.
_OWNERS = "ALTER TABLE objects ADD COLUMN account TEXT NOT NULL DEFAULT ''"
#: Kinds that everybody shares: the platform's own settings.
_SHARED = ("webhook_endpoint",)
_BESIDE = ("moves", "deliveries", "agenda", "idempotency", "dials")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Which request a change came from: events name it, and links in objects start with its address."""

    request_id: str | None = None
    idempotency_key: str | None = None
    base_url: str = "http://127.0.0.1"


@dataclass
class Transaction:
    """One unit of work: everything done through it is kept together or not at all.

    `now` is the sandbox's clock in whole seconds; it doesn't move within a transaction. `account` is the connected
    account for which things are done, empty for the platform: https://docs.stripe.com/connect/authentication
    """

    connection: sqlite3.Connection
    now: int
    origin: Origin
    #: How many times, and how many seconds late, the events recorded here are delivered.
    copies: int = 1
    late: int = 0
    account: str = ""
    announced: bool = field(default=False, init=False)

    def sql(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement on the tables beside `objects`."""
        return self.connection.execute(statement, values)

    @contextmanager
    def on(self, account: str) -> Iterator[None]:
        """What is kept, found and told in the block is that account's; empty is the platform."""
        before, self.account = self.account, account
        try:
            yield
        finally:
            self.account = before

    def add(self, body: Body, **hidden: Any) -> Body:
        """Keep a new object; `hidden` is what the sandbox remembers of it and Stripe's API doesn't show."""
        self.sql(
            "INSERT INTO objects (id, kind, created, body, hidden, account) VALUES (?, ?, ?, ?, ?, ?)",
            body["id"], body["object"], body.get("created", self.now), json.dumps(body), json.dumps(hidden),
            self.account,
        )  # fmt: skip
        return body

    def save(self, body: Body) -> Body:
        """Keep the changed body of an object that is already here."""
        self.sql("UPDATE objects SET body = ? WHERE id = ?", json.dumps(body), body["id"])
        return body

    def delete(self, id: str) -> None:
        """Forget an object."""
        self.sql("DELETE FROM objects WHERE id = ?", id)

    def find(self, kind: str, id: str) -> Body | None:
        """The account's object of that kind and id, or None."""
        return self.anyones(kind, id) if self.owner(id) == self._owner(kind) else None

    def anyones(self, kind: str, id: str) -> Body | None:
        """The object of that kind and id, whosever it is, or None."""
        row = self.sql("SELECT body FROM objects WHERE id = ? AND kind = ?", id, kind).fetchone()
        return json.loads(row[0]) if row else None

    def get(self, kind: str, id: str) -> Body:
        """The object of that kind and id, whosever it is. Raises `LookupError` if it isn't there."""
        body = self.anyones(kind, id)
        if body is None:
            raise LookupError(f"no {kind} {id}")
        return body

    def all(self, kind: str, *, limit: int = -1, **where: Any) -> list[Body]:
        """The account's objects of a kind whose fields have these values, newest first; -1 is no limit."""
        conditions = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in where)
        statement = (
            f"SELECT body FROM objects WHERE kind = ? AND account = ?{conditions} ORDER BY sequence DESC LIMIT ?"
        )
        rows = self.sql(statement, kind, self._owner(kind), *where.values(), limit)
        return [json.loads(row[0]) for row in rows]

    def everyones(self, kind: str, *, limit: int = -1) -> list[Body]:
        """The objects of a kind, whosever they are, newest first."""
        rows = self.sql("SELECT body FROM objects WHERE kind = ? ORDER BY sequence DESC LIMIT ?", kind, limit)
        return [json.loads(row[0]) for row in rows]

    def owner(self, id: str) -> str:
        """The account that an object belongs to; empty for the platform."""
        row = self.sql("SELECT account FROM objects WHERE id = ?", id).fetchone()
        return row[0] if row else ""

    def _owner(self, kind: str) -> str:
        return "" if kind in _SHARED else self.account

    def hidden(self, id: str) -> Body:
        """What the sandbox remembers of an object beside its body."""
        row = self.sql("SELECT hidden FROM objects WHERE id = ?", id).fetchone()
        return json.loads(row[0]) if row else {}

    def hide(self, id: str, **values: Any) -> None:
        """Remember more of an object beside its body."""
        self.sql("UPDATE objects SET hidden = ? WHERE id = ?", json.dumps(self.hidden(id) | values), id)

    def dial(self, name: str, default: Any = None) -> Any:
        """The value of one of the control room's dials."""
        row = self.sql("SELECT value FROM dials WHERE name = ?", name).fetchone()
        return json.loads(row[0]) if row else default

    def turn(self, name: str, value: Any) -> None:
        """Set one of the control room's dials."""
        self.sql("INSERT OR REPLACE INTO dials (name, value) VALUES (?, ?)", name, json.dumps(value))


class Store:
    """The file, and the transactions opened on it."""

    def __init__(self, path: Path, real_time: Callable[[], float] = time.time) -> None:
        self.path = path
        self.real_time = real_time
        #: Called after a transaction that recorded events was kept.
        self.on_news: Callable[[], None] = lambda: None
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
        if "account" not in {column[1] for column in connection.execute("PRAGMA table_info(objects)")}:
            connection.execute(_OWNERS)
        connection.execute("DELETE FROM idempotency WHERE status IS NULL")
        connection.close()

    @contextmanager
    def writing(self, origin: Origin = Origin()) -> Iterator[Transaction]:
        """A transaction that may change things: kept when the block ends, forgotten when it raises."""
        with self._transaction("BEGIN IMMEDIATE", origin) as transaction:
            yield transaction
        if transaction.announced:
            self.on_news()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that sees one moment and changes nothing."""
        with self._transaction("BEGIN", Origin()) as transaction:
            yield transaction

    def clear(self) -> None:
        """Forget everything but the webhook endpoints: no objects, no money, the clock on real time."""
        with self.writing() as transaction:
            transaction.sql("DELETE FROM objects WHERE kind <> 'webhook_endpoint'")
            for table in _BESIDE:
                transaction.sql(f"DELETE FROM {table}")

    @contextmanager
    def _transaction(self, begin: str, origin: Origin) -> Iterator[Transaction]:
        connection = self._connect()
        try:
            connection.execute(begin)
            transaction = Transaction(connection, 0, origin)
            transaction.now = int(self.real_time()) + transaction.dial("clock_offset", 0)
            yield transaction
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=15, isolation_level=None)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
