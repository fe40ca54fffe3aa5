"""The database: one session a request, one transaction a step, and who may commit.

Nobody commits but the edge: a request that ends below 400, a job, a command, or a named ``step()``.
No transaction may be open while an outside service is called: ``outside()`` sees to it.
"""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase

LOCK_SECONDS = 5  # how long a write waits for the one before it; then the shop is busy (503)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

db = SQLAlchemy(session_options={"expire_on_commit": False})

# SQLite gives its write lock only to a transaction that asks at its start, so the edge says it will write.
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_outside: ContextVar[bool] = ContextVar("outside", default=False)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A point in time: aware and in UTC in Python, on both engines. A naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts up only a plain INTEGER key
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


class Model(DeclarativeBase):
    """The base of every table. Relationships load when asked for by the query, never on touch."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
        int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    }


def one_of(column: str, choices: tuple[str, ...]) -> sa.CheckConstraint:
    """A check that ``column`` holds one of ``choices``, in the database too."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def engine_options(url: str) -> dict[str, Any]:
    """``create_engine`` arguments for ``url``; makes the folder of an SQLite file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            # Flask reads a relative file name from its instance folder; ours are read from where one stands.
            parsed = parsed.set(database=str(Path(parsed.database).absolute()))
        return {"url": parsed, "connect_args": {"timeout": LOCK_SECONDS, "check_same_thread": False}}
    options = f"-c lock_timeout={LOCK_SECONDS * 1000} -c timezone=UTC"
    # A plan made without knowing which tag or word is asked for may read every listing.
    options += " -c plan_cache_mode=force_custom_plan"
    return {"url": parsed, "pool_size": 10, "max_overflow": 20, "connect_args": {"options": options}}


def init_db(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(url)}
    db.init_app(app)
    # The library also closes asynchronous sessions after each request, through an event loop of its own. We have none.
    app.teardown_appcontext_funcs[:] = [
        _unless_away(each) for each in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(each)
    ]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            tune_sqlite(db.engine)


def _unless_away(close: Callable[[BaseException | None], object]) -> Callable[[BaseException | None], None]:
    """Close the sessions, as the library does. If the database went away there is nothing to close, and the answer
    that is ready would be lost with the error."""

    def unless_away(error: BaseException | None) -> None:
        with suppress(OperationalError):
            close(error)

    return unless_away


def roll_back() -> bool:
    """Forget what the session did. A database that went away has forgotten it by itself.

    False if it did: then what was read before can't be read again, not even who looks.
    """
    try:
        db.session.rollback()
    except OperationalError:
        db.session.invalidate()
        return False
    return True


def tune_sqlite(engine: sa.Engine) -> None:
    """Write-ahead log, full durability, enforced foreign keys, and transactions begun by us."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and never IMMEDIATE
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take the write lock first, so that none fails half way for want of it."""
    before = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(before)


@contextmanager
def step() -> Iterator[None]:
    """One whole write transaction of its own: committed at the end, rolled back on an error.

    What was only read before is let go first; what was written before must have been settled.
    """
    settle_reads()
    with writing():
        try:
            yield
            commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def outside() -> Iterator[None]:
    """Around a call to another service: no transaction is open during it, and none may begin."""
    settle_reads()
    before = _outside.set(True)
    try:
        yield
        if db.session.in_transaction():
            raise RuntimeError("a transaction was begun during an outside call")
    finally:
        _outside.reset(before)


def is_outside() -> bool:
    """Whether this code runs inside ``outside()``; the payment gateway refuses to call from elsewhere."""
    return _outside.get()


def settle_reads() -> None:
    """End a transaction that only read. Refuses to drop written rows: those belong to a ``step()``."""
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a step; they would be lost")
    if session.in_transaction():
        session.commit()


def commit() -> None:
    """Commit the session, then hand the jobs it announced to the queue."""
    from storefront.kit.jobs import hand_over_announced

    db.session.commit()
    hand_over_announced()


def dialect() -> str:
    """``sqlite`` or ``postgresql``."""
    return db.engine.dialect.name
