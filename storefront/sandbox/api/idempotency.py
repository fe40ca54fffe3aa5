"""Idempotency keys: the first answer to a key is kept for a day and given again to the same request.

Source: https://docs.stripe.com/api/idempotent_requests. What fails validation before any work isn't kept;
a server error is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from storefront.sandbox.errors import StripeError
from storefront.sandbox.store import Store, Transaction

_KEPT_FOR = 24 * 60 * 60
_LONGEST_KEY = 255


@dataclass(frozen=True)
class Kept:
    """An answer that was given before; `request_id` names the request that it was given to."""

    status: int
    body: dict[str, Any]
    request_id: str


def fingerprint(method: str, path: str, pairs: list[tuple[str, str]]) -> str:
    """The same for requests that ask the same."""
    return hashlib.sha256(json.dumps([method, path, sorted(pairs)]).encode()).hexdigest()


def reserve(store: Store, key: str, request: str, request_id: str) -> Kept | None:
    """Claim `key` for a request with this fingerprint; the kept answer if it had one.

    Raises `StripeError`: 400 when the key was used for another request, 409 while that one still runs.
    """
    if len(key) > _LONGEST_KEY:
        raise StripeError(f"Idempotency-Key must be at most {_LONGEST_KEY} characters.", type="idempotency_error")
    with store.writing() as transaction:
        transaction.sql("DELETE FROM idempotency WHERE created <= ?", transaction.now - _KEPT_FOR)
        row = transaction.sql(
            "SELECT fingerprint, request, status, body FROM idempotency WHERE key = ?", key
        ).fetchone()
        if row is None:
            transaction.sql(
                "INSERT INTO idempotency (key, fingerprint, created, request) VALUES (?, ?, ?, ?)",
                key, request, transaction.now, request_id,
            )  # fmt: skip
            return None
    first_fingerprint, first_request, status, body = row
    if first_fingerprint != request:
        raise _reused(key)
    if status is None:
        raise _in_use(key)
    return Kept(status, json.loads(body), first_request)


def keep(transaction: Transaction, key: str | None, status: int, body: dict[str, Any]) -> None:
    """Keep the answer if there is a key, in the transaction that did the work."""
    statement = "UPDATE idempotency SET status = ?, body = ? WHERE key = ?"
    transaction.sql(statement, status, json.dumps(body), key)


def release(store: Store, key: str) -> None:
    """Give up a claim: nothing was done."""
    with store.writing() as transaction:
        transaction.sql("DELETE FROM idempotency WHERE key = ? AND status IS NULL", key)


def _reused(key: str) -> StripeError:
    return StripeError(
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        type="idempotency_error",
    )


def _in_use(key: str) -> StripeError:
    return StripeError(
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        type="idempotency_error",
        code="idempotency_key_in_use",
    )
