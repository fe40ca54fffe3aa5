"""Sealing: what is written is gathered in batches, hashed into a chain and signed, and added to the roll-ups.

A seal names its postings one by one, so it does not matter in which order they were committed. What is still being
written is not seen, and comes with the next one. No writer waits: the sealer locks rows that only sealers touch.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront.kit import clock
from storefront.kit.db import db, step
from storefront.kit.inserts import insert_if_new, insert_into
from storefront.ledger.keys import Keys, keys
from storefront.ledger.models import Posting, Rollup, Seal, SealedPosting, UnsealedPosting

BATCH = 1000
GENESIS = "0" * 64  # what stands before the first seal
TOLD = (
    "id", "at", "cause_kind", "cause_id", "kind", "debit", "credit", "amount", "currency", "workspace_id",
    "earning_id", "reference", "note",
)  # fmt: skip
COLUMNS = [Posting.__table__.c[name] for name in TOLD]


class Member(NamedTuple):
    """A posting under a seal, and the digest of what it says."""

    posting_id: int
    digest: str


def digest(row: Any) -> str:
    """The SHA-256 of all that a posting says: its columns in order, as JSON without spaces, times in UTC."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in row]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def seal_hash(number: int, made_at: datetime, previous: str, members: Iterable[Member]) -> str:
    """The hash of a seal: of the one before, its number and moment, and its postings by their ids."""
    lines = [previous, str(number), made_at.isoformat(), *(f"{id} {digest}" for id, digest in sorted(members))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal_message(hash: str) -> bytes:
    """What is signed of a seal."""
    return f"storefront ledger seal {hash}".encode()


def seal_all() -> int:
    """Seal everything that is written, batch by batch, each a step of its own. How many postings were sealed."""
    found, sealed = keys(), 0
    while batch := seal_batch(found):
        sealed += batch
    return sealed


def seal_batch(by: Keys, most: int = BATCH) -> int:
    """Seal up to ``most`` postings. How many were: none if nothing waits, or another sealer was quicker.

    They are read and hashed before the step that writes, so that SQLite's other writers wait as little as can be.
    """
    last = db.session.execute(sa.select(Seal.number, Seal.hash).order_by(Seal.number.desc()).limit(1)).first()
    waiting = (
        sa.select(*COLUMNS)
        .join(UnsealedPosting, UnsealedPosting.posting_id == Posting.id)
        .order_by(Posting.id)
        .limit(most)
    )
    rows = db.session.execute(waiting).all()
    if not rows:
        return 0
    members = [Member(row.id, digest(row)) for row in rows]
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    now = clock.now()
    hash = seal_hash(number, now, previous, members)
    seal = {
        "number": number, "made_at": now, "postings": len(rows), "posting_ids": ranges(m.posting_id for m in members),
        "previous": previous, "hash": hash, "key_id": by.id, "signature": by.sign(seal_message(hash)),
    }  # fmt: skip
    with step():
        # Two sealers at once: the number is given once, and the other one leaves everything to the first.
        if not insert_if_new(Seal, **seal):
            return 0
        _move(number, members)
        _roll_up(rows)
    return len(rows)


def _move(number: int, members: Sequence[Member]) -> None:
    ids = [member.posting_id for member in members]
    gone = sa.delete(UnsealedPosting).where(UnsealedPosting.posting_id.in_(ids)).returning(UnsealedPosting.posting_id)
    if len(db.session.scalars(gone).all()) != len(ids):
        raise RuntimeError("postings were sealed by somebody else meanwhile")
    db.session.execute(
        sa.insert(SealedPosting),
        [{"posting_id": id, "seal_number": number, "digest": digest} for id, digest in members],
    )


def _roll_up(rows: Sequence[Any]) -> None:
    """Add a batch to the sums between two accounts. Only sealers write there."""
    sums: Counter[tuple[int, str, str, str]] = Counter()
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for row in rows:
        between = (row.workspace_id or 0, row.currency, row.debit, row.credit)
        sums[between] += row.amount
        counts[between] += 1
    names = ("workspace_id", "currency", "debit", "credit")
    values = [
        {**dict(zip(names, between, strict=True)), "amount": sums[between], "postings": counts[between]}
        for between in sorted(sums)
    ]
    statement = insert_into(Rollup).values(values)
    added = {
        "amount": Rollup.amount + statement.excluded.amount,
        "postings": Rollup.postings + statement.excluded.postings,
    }
    db.session.execute(statement.on_conflict_do_update(index_elements=list(names), set_=added))


def ranges(ids: Iterable[int]) -> str:
    """Ids in order as ``1-60,63``."""
    found = []
    for _distance, run in groupby(enumerate(ids), lambda pair: pair[1] - pair[0]):
        numbers = [id for _at, id in run]
        found.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}")
    return ",".join(found)


def ids_in(text: str) -> set[int]:
    """The ids that ``ranges`` wrote. Raises ValueError for anything else."""
    ids: set[int] = set()
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        ids.update(range(int(first), int(last or first) + 1))
    return ids
