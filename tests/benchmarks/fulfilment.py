"""What a paid order costs: the webhook as Stripe sends it, beside nothing but the statements it ran."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from storefront.accounts.services import join
from storefront.catalog.models import Listing
from storefront.checkout.models import Order
from storefront.checkout.services import open_order
from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.ids import token
from storefront.sandbox.signature import signature_header
from tests.benchmarks.measure import environ, request
from tests.benchmarks.shops import BenchShop
from tests.checkout.stripe_words import event_body, session_body

BUYERS = 10
Statement = tuple[str, Any]


def fulfilment(shop: BenchShop, folder: Path, orders: int) -> dict[str, float]:
    """Median microseconds of a webhook, and of the same writes without the shop, by turns.

    The bare side has a copy of the database, and the very statements with the very values that the shop has just run,
    reads left out; it commits where the shop does. Both wait for the disk, so this is time on the wall.
    """
    with shop.plain.app_context():
        webhooks = [_webhook(order) for order in _open_orders(orders)]
        db.session.rollback()
        db.engine.dispose()
    copy = folder / f"bare-{shop.listings}.db"
    with sqlite3.connect(shop.file) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(shop.file, copy)
    bare = _bare_connection(copy)
    times: dict[str, list[int]] = {"webhook": [], "bare": []}
    for each in webhooks:
        with _recording(shop.plain) as ran:
            began = time.perf_counter_ns()
            status, _headers, body = request(shop.plain, each)
            times["webhook"].append(time.perf_counter_ns() - began)
        assert (status, json.loads(body)) == (200, {"state": "handled"}), body
        began = time.perf_counter_ns()
        _run(bare, ran)
        times["bare"].append(time.perf_counter_ns() - began)
    _assert_same(shop.file, bare)
    return {name: median(each) / 1000 for name, each in times.items()}


def _open_orders(orders: int) -> Iterator[Order]:
    paid = sa.select(Listing).where(Listing.price > 0).order_by(Listing.id).limit(orders // BUYERS + 1)
    with step():
        listings = db.session.scalars(paid.options(sa.orm.joinedload(Listing.workspace))).all()
        buyers = [
            join(f"buyer-{token(8)}@example.com", token(20), name=f"Buyer {n}", confirmed_at=clock.now())
            for n in range(BUYERS)
        ]
        for number in range(orders):
            yield open_order(listings[number // BUYERS], buyers[number % BUYERS])[0]


def _webhook(order: Order) -> dict[str, Any]:
    body = json.dumps(event_body("checkout.session.completed", session_body(order))).encode()
    secret = "whsec_storefront_sandbox"
    signed = signature_header(body, secret, timestamp=int(clock.now().timestamp()))
    made = environ("/webhooks/stripe", Stripe_Signature=signed, Content_Type="application/json")
    return {**made, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "body": body}


@contextmanager
def _recording(app: Any) -> Iterator[list[Statement]]:
    """Collects what is written inside, and where it is committed."""
    ran: list[Statement] = []

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            ran.append((statement, values))

    with app.app_context():
        engine = db.engine
    listeners = (("before_cursor_execute", remember), ("commit", lambda _connection: ran.append(("COMMIT", ()))))
    for name, listener in listeners:
        sa.event.listen(engine, name, listener)
    try:
        yield ran
    finally:
        for name, listener in listeners:
            sa.event.remove(engine, name, listener)


def _bare_connection(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _run(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    """Each stretch that wrote something is a transaction."""
    for statement, values in statements:
        if statement != "COMMIT" and not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        if statement != "COMMIT" or connection.in_transaction:
            run = connection.executemany if isinstance(values, list) else connection.execute
            run(statement, values).fetchall()


def _assert_same(file: Path, bare: sqlite3.Connection) -> None:
    """Both databases hold the same, so the bare side has left nothing out."""
    counted = "SELECT (SELECT count(*) FROM licenses), (SELECT count(*) FROM items), (SELECT count(*) FROM events)"
    with sqlite3.connect(file) as shop:
        assert shop.execute(counted).fetchone() == bare.execute(counted).fetchone()
