"""What is to happen at a moment of the sandbox's clock: sessions expire, refunds settle, money clears.

It is looked at before every request and whenever the clock is moved, so nothing has to run in between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from storefront.sandbox.store import Store, Transaction

Verb: TypeAlias = Callable[[Transaction, str], None]

_VERBS: dict[str, Verb] = {}


def verb(name: str) -> Callable[[Verb], Verb]:
    """Register what is done, under a name that can be kept in the database."""

    def register(function: Verb) -> Verb:
        _VERBS[name] = function
        return function

    return register


def schedule(transaction: Transaction, name: str, object_id: str, *, due_at: int) -> None:
    """Have the verb `name` done to an object at `due_at`, in seconds of the sandbox's clock."""
    transaction.sql("INSERT INTO agenda (due_at, verb, object) VALUES (?, ?, ?)", due_at, name, object_id)


def run_due(store: Store) -> None:
    """Do everything whose moment has come, in order, as one transaction, each for the account it belongs to.

    The clock shows each deed its own moment, and what one deed schedules may be due before the next: a year's jump
    renews a monthly subscription twelve times, as time would have.
    """
    with store.reading() as transaction:
        if _first_due(transaction, transaction.now) is None:
            return
    with store.writing() as transaction:
        now = transaction.now
        while found := _first_due(transaction, now):
            id, due_at, name, object_id = found
            transaction.sql("DELETE FROM agenda WHERE id = ?", id)
            transaction.now = due_at
            with transaction.on(transaction.owner(object_id)):
                _VERBS[name](transaction, object_id)


def next_due(store: Store) -> int | None:
    """The next moment at which something is to happen."""
    with store.reading() as transaction:
        moment: int | None = transaction.sql("SELECT MIN(due_at) FROM agenda").fetchone()[0]
        return moment


def _first_due(transaction: Transaction, now: int) -> tuple[int, int, str, str] | None:
    statement = "SELECT id, due_at, verb, object FROM agenda WHERE due_at <= ? ORDER BY due_at, id LIMIT 1"
    found: tuple[int, int, str, str] | None = transaction.sql(statement, now).fetchone()
    return found
